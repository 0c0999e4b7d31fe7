--[[
  Moves entries whose delay is over back to the stream of their service; any instance may do it.

  KEYS    delayed set (member: JSON list of fields and values, score: due time in Unix milliseconds), retries stream
  ARGV    now in Unix milliseconds, most entries to move in one call
  Result  { number moved, due time of the next one or '' }
  Publishes nothing beside the entries.
]]
local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, tonumber(ARGV[2]))
for _, member in ipairs(due) do
  redis.call('XADD', KEYS[2], '*', unpack(cjson.decode(member)))
  redis.call('ZREM', KEYS[1], member)
end
local following = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return { #due, following[2] or '' }
