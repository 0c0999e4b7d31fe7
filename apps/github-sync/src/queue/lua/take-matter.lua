-- Takes what is due for longest. It stays in the set, with a score that nobody else gives: the negative token of the leader
-- that has it in hand. So a change that comes meanwhile shows (it sets another score), and what a leader had in hand when it
-- died is the first that the next one takes.
-- KEYS[1] the sorted set   KEYS[2] github:attempts   KEYS[3] the leader's lease   KEYS[4] github:traces
-- ARGV[1] token of the leader
-- Returns the member, how often it was taken since it was last done, and the trace context of what made it due or '', or nothing: nothing is due, or another one leads.
-- Publishes nothing.
if redis.call('HGET', KEYS[3], 'token') ~= ARGV[1] then return nil end
local time = redis.call('TIME')
local due = redis.call('ZRANGE', KEYS[1], '-inf', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)), 'BYSCORE', 'LIMIT', 0, 1)
if not due[1] then return nil end
redis.call('ZADD', KEYS[1], '-' .. ARGV[1], due[1])
return { due[1], redis.call('HINCRBY', KEYS[2], due[1], 1), redis.call('HGET', KEYS[4], due[1]) or '' }
