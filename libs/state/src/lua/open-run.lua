-- Opens the handling of an event: a fencing token that is greater than every one before, and whether it was begun before.
-- KEYS[1] fence (string: the last token)   KEYS[2] cascade:<id>:steps (hash: step -> "service event", "#event" -> 1)
-- KEYS[3] cascade:<id>
-- ARGV[1] event id
-- Returns { token, 1 when steps are recorded for the event, 0 otherwise, the cascade's tenant or nil }. Publishes nothing.
-- The token is the time in microseconds, or one more than the last token when that is greater, so that it grows even
-- after a fail-over that lost the last one, and when the clock was set back.
local time = redis.call('TIME')
local token = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) + 1, time[1] * 1000000 + time[2])
redis.call('SET', KEYS[1], string.format('%.0f', token))
return { token, redis.call('HEXISTS', KEYS[2], '#' .. ARGV[1]), redis.call('HGET', KEYS[3], 'tenant') }
