-- Ends the handling of a matter: it is done, comes again, or waits for a change of it. Marked again meanwhile, it stays due.
-- KEYS[1] the sorted set   KEYS[2] github:attempts   KEYS[3] github:parked   KEYS[4] the leader's lease
-- KEYS[5] github:traces
-- ARGV[1] token of the leader that had it in hand   ARGV[2] member
-- ARGV[3] `done`, `later` (ARGV[4]: in how many ms), `again` (the same, and the attempt does not count) or `parked` (ARGV[4]: the problem as JSON)
-- Returns 1, or 0 when another one leads by now: nothing is written then. Publishes nothing.
if redis.call('HGET', KEYS[4], 'token') ~= ARGV[1] then return 0 end
local member, how = ARGV[2], ARGV[3]
local isInHand = tonumber(redis.call('ZSCORE', KEYS[1], member) or 0) == -tonumber(ARGV[1])
if how == 'later' or how == 'again' then
  local time = redis.call('TIME')
  if isInHand then redis.call('ZADD', KEYS[1], string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[4]), member) end
  if how == 'again' then redis.call('HINCRBY', KEYS[2], member, -1) end
  return 1
end
if isInHand then
  redis.call('ZREM', KEYS[1], member)
  redis.call('HDEL', KEYS[5], member)
end
redis.call('HDEL', KEYS[2], member)
if how == 'parked' then redis.call('HSET', KEYS[3], member, ARGV[4]) else redis.call('HDEL', KEYS[3], member) end
return 1
