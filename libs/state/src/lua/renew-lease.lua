-- Prolongs a lease that nobody else has taken since, or gives it back.
-- KEYS[1] lease:<name> (hash: token, holder, until in Unix ms by this server's clock)
-- ARGV[1] token   ARGV[2] duration in ms from now, 0 to give it back   ARGV[3] how long the token is remembered, ms
-- Returns 1 when the token still had the lease, 0 otherwise. Publishes nothing.
local lease = redis.call('HMGET', KEYS[1], 'token', 'holder')
if lease[1] ~= ARGV[1] or not lease[2] then return 0 end
if ARGV[2] == '0' then
  redis.call('HDEL', KEYS[1], 'holder', 'until')
else
  local time = redis.call('TIME')
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[2]))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
