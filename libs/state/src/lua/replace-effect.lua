-- Writes what became of an effect, unless somebody else has written since it was read.
-- KEYS[1] cascade:<id>:effects
-- ARGV[1] field   ARGV[2] record as it was read ('' = there was none)   ARGV[3] record as it shall be
-- Returns 1 when written, 0 when the record is another one by now. Publishes nothing.
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
