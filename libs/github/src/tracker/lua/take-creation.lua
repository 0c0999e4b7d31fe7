--[[
  Counts one creation of content at GitHub, when all limits allow it.

  KEYS    sorted set of the creations of one installation (score: Unix milliseconds)
  ARGV    now in Unix milliseconds, the name of this creation, then per limit: most creations, window in milliseconds
  Result  0 when it was counted, else the milliseconds until it can be
  Publishes nothing.
]]
local now = tonumber(ARGV[1])
local wait, longest = 0, 0
for index = 3, #ARGV, 2 do
  local count, window = tonumber(ARGV[index]), tonumber(ARGV[index + 1])
  longest = math.max(longest, window)
  -- The count-th last one has to have left the window. (Scores are wanted by rank from the end: -count.)
  local last = redis.call('ZRANGE', KEYS[1], -count, -count, 'WITHSCORES')[2]
  if last ~= nil then wait = math.max(wait, tonumber(last) + window - now) end
end
if wait > 0 then return math.ceil(wait) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - longest))
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[2])
redis.call('PEXPIRE', KEYS[1], longest)
return 0
