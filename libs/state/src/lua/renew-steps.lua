-- Prolongs leases of steps that are still held, with what they reserve, or gives them back.
-- KEYS[1] cascade:<id>:leases (hash: step -> "fence until tokens usd")
-- KEYS[2] tenant:<name>:reservations (hash: "cascade step" -> the same, for those that a tenant's ceiling counts)
-- ARGV[1] duration in ms from now, 0 to give back   ARGV[2] cascade   ARGV[3..] step, fence, …
-- Returns how many were still held. Publishes nothing.
local time = redis.call('TIME')
local till = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[1])

local function prolong(key, field, fence)
  local holder, reserved = string.match(redis.call('HGET', key, field) or '', '^(%S+) %S+ (.+)$')
  if holder ~= fence then return 0 end
  if ARGV[1] == '0' then
    redis.call('HDEL', key, field)
  else
    redis.call('HSET', key, field, holder .. ' ' .. till .. ' ' .. reserved)
  end
  return 1
end

local held = 0
for i = 3, #ARGV, 2 do
  held = held + prolong(KEYS[1], ARGV[i], ARGV[i + 1])
  prolong(KEYS[2], ARGV[2] .. ' ' .. ARGV[i], ARGV[i + 1])
end
return held
