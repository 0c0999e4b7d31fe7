--[[
  Moves entries whose delay is over back to the stream of their service; any process may do it, by this server's clock.

  KEYS    delayed set (member: JSON list of fields and values, score: due time in Unix milliseconds), retries stream
  ARGV    most entries to move in one call
  Result  { number moved, milliseconds until the next one is due or -1 }
  Publishes nothing beside the entries.
]]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now), 'LIMIT', 0, tonumber(ARGV[1]))
for _, member in ipairs(due) do
  redis.call('XADD', KEYS[2], '*', unpack(cjson.decode(member)))
  redis.call('ZREM', KEYS[1], member)
end
local following = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return { #due, following and math.max(following - now, 0) or -1 }
