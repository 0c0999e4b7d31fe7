-- Gives a lease to a holder unless somebody else has it.
-- KEYS[1] lease:<name> (hash: token, holder, until in Unix ms by this server's clock)
-- ARGV[1] holder   ARGV[2] duration in ms   ARGV[3] how long the token is remembered, ms
-- Returns the token, or 0 when another holder has the lease. Publishes nothing.
-- A token is the time in microseconds, or one more than the last token when that is greater: so it grows even after a
-- fail-over that lost the last one, and when the clock was set back.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local lease = redis.call('HMGET', KEYS[1], 'token', 'holder', 'until')
if lease[2] and lease[2] ~= ARGV[1] and tonumber(lease[3]) > now then return 0 end
local token = math.max(tonumber(lease[1] or 0) + 1, time[1] * 1000000 + time[2])
redis.call('HSET', KEYS[1], 'token', string.format('%.0f', token), 'holder', ARGV[1], 'until', string.format('%.0f', now + ARGV[2]))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return token
