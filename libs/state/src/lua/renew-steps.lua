-- Prolongs what holders of steps have: their leases, or what they reserved at a tenant; or gives it back.
-- KEYS[1] cascade:<id>:leases or tenant:<name>:reservations (hash: field -> "fence until tokens usd")
-- ARGV[1] duration in ms from now, 0 to give back   ARGV[2..] field, fence, …
-- Returns how many were still held. Publishes nothing.
local time = redis.call('TIME')
local till = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
local held = 0
for i = 2, #ARGV, 2 do
  local holder, reserved = string.match(redis.call('HGET', KEYS[1], ARGV[i]) or '', '^(%S+) %S+ (.+)$')
  if holder == ARGV[i + 1] then
    held = held + 1
    if ARGV[1] == '0' then
      redis.call('HDEL', KEYS[1], ARGV[i])
    else
      redis.call('HSET', KEYS[1], ARGV[i], holder .. ' ' .. till .. ' ' .. reserved)
    end
  end
end
return held
