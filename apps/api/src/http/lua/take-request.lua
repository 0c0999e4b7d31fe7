-- Takes one request of a client from what it may send: a minute's worth at once, then as many as come back by the second.
-- KEYS[1] api:rates (sorted set: client -> when all of its requests are back, Unix µs by this server's clock)
-- ARGV[1] client   ARGV[2] requests a minute   ARGV[3] most clients that are remembered
-- Returns ms until the next one is let in (0: this one is), how many are left, ms until all are back. Publishes nothing.
-- Who has all of them back needs no entry; beyond the bound those go that have the most back.
local time = redis.call('TIME')
local now, minute = time[1] * 1000000 + time[2], 60000000
local each = minute / ARGV[2]
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
local back = math.max(tonumber(redis.call('ZSCORE', KEYS[1], ARGV[1]) or now), now)
local over = back + each - now - minute
if over > 0 then return { math.ceil(over / 1000), 0, math.ceil((back - now) / 1000) } end
redis.call('ZADD', KEYS[1], string.format('%.0f', back + each), ARGV[1])
local many = redis.call('ZCARD', KEYS[1]) - ARGV[3]
if many > 0 then redis.call('ZPOPMIN', KEYS[1], many) end
redis.call('PEXPIRE', KEYS[1], 120000)
return { 0, math.floor(-over / each), math.ceil((back + each - now) / 1000) }
