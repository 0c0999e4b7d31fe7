-- Gives a cascade an epic number that no other cascade of the repository has; the same cascade keeps its number.
-- KEYS[1] epics:<repository> (hash: "last" -> greatest number that was given)   KEYS[2] cascade:<id>
-- ARGV[1] smallest number that may be given
-- Returns the number. Publishes nothing.
-- Numbers only grow, so that one field per repository is enough; the cascade's own number goes with its record.
local mine = redis.call('HGET', KEYS[2], 'epic')
if mine then return tonumber(mine) end
local number = math.max(tonumber(redis.call('HGET', KEYS[1], 'last') or 0) + 1, tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'last', number)
redis.call('HSET', KEYS[2], 'epic', number)
return number
