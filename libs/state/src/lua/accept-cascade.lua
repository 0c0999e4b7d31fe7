-- Creates the record of a cascade, once.
-- KEYS[1] cascade:<id>   KEYS[2] cascades (sorted set by creation)   KEYS[3] deadlines (sorted set by deadline)
-- ARGV[1] id   ARGV[2] created, Unix ms   ARGV[3] deadline, Unix ms   ARGV[4] oldest creation that stays listed, Unix ms
-- ARGV[5..] field, value, … of the record
-- Returns 1 when created, 0 when it existed. Publishes nothing.
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], unpack(ARGV, 5))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', '(' .. ARGV[4])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
return 1
