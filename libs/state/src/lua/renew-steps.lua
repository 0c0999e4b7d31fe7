-- Prolongs leases of steps that are still held, or gives them back.
-- KEYS[1] cascade:<id>:leases (hash: step -> "fence until tokens usd")
-- ARGV[1] duration in ms from now, 0 to give back   ARGV[2..] step, fence, …
-- Returns how many were still held. Publishes nothing.
local time = redis.call('TIME')
local till = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])
local held = 0
for i = 2, #ARGV, 2 do
  local lease = redis.call('HGET', KEYS[1], ARGV[i])
  local fence, reserved = string.match(lease or '', '^(%S+) %S+ (.+)$')
  if fence == ARGV[i + 1] then
    held = held + 1
    if ARGV[1] == '0' then
      redis.call('HDEL', KEYS[1], ARGV[i])
    else
      redis.call('HSET', KEYS[1], ARGV[i], fence .. ' ' .. till .. ' ' .. reserved)
    end
  end
end
return held
