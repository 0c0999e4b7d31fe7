-- A fencing token that is greater than every one before.
-- KEYS[1] fence (string: the last one)
-- Returns the token: the time in microseconds, or one more than the last token when that is greater, so that it grows even
-- after a fail-over that lost the last one, and when the clock was set back. Publishes nothing.
local time = redis.call('TIME')
local token = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) + 1, time[1] * 1000000 + time[2])
redis.call('SET', KEYS[1], string.format('%.0f', token))
return token
