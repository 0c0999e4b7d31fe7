-- Gives a cascade an epic number that no other cascade of the repository has; the same cascade keeps its number.
-- KEYS[1] epics:<repository> (hash: number -> cascade id, and "cascade <id>" -> number)
-- ARGV[1] cascade id   ARGV[2] smallest number that may be given
-- Returns the number. Publishes nothing.
local mine = redis.call('HGET', KEYS[1], 'cascade ' .. ARGV[1])
if mine then return tonumber(mine) end
local number = tonumber(ARGV[2])
while redis.call('HSETNX', KEYS[1], number, ARGV[1]) == 0 do number = number + 1 end
redis.call('HSET', KEYS[1], 'cascade ' .. ARGV[1], number)
return number
