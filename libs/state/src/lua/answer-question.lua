-- Records a person's answer and lets the event that waited for it go on; with the last open question answered, the
-- cascade runs again and its paused deadline with it.
-- KEYS[1] cascade:<id>   KEYS[2] cascade:<id>:answers (hash: name -> answer)   KEYS[3] cascade:<id>:parked (hash: name -> entry)
-- KEYS[4] retries:<service> of the service that waits   KEYS[5] deadlines
-- ARGV[1] id   ARGV[2] name   ARGV[3] answer   ARGV[4] parked entry, as it was read
-- ARGV[5] what remains of the paused deadline, as it was read ('' when it is not paused)
-- ARGV[6] the deadline from now on, Unix ms   ARGV[7] the same as ISO time   ARGV[8..] field, value, … of the parked entry
-- Returns 1 when answered, 0 when something has changed since it was read, the cascade's end included.
-- Publishes the parked entry on KEYS[4].
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'running' and state ~= 'waiting' then return 0 end
if redis.call('HGET', KEYS[3], ARGV[2]) ~= ARGV[4] then return 0 end
if (redis.call('HGET', KEYS[1], 'deadline_left_ms') or '') ~= ARGV[5] then return 0 end
redis.call('HDEL', KEYS[3], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('HDEL', KEYS[1], 'question:' .. ARGV[2])
if redis.call('HLEN', KEYS[3]) == 0 then
  redis.call('HSET', KEYS[1], 'state', 'running')
  if ARGV[5] ~= '' then
    redis.call('HDEL', KEYS[1], 'deadline_left_ms')
    redis.call('HSET', KEYS[1], 'deadline', ARGV[7])
    redis.call('ZADD', KEYS[5], ARGV[6], ARGV[1])
  end
end
redis.call('XADD', KEYS[4], '*', unpack(ARGV, 8))
return 1
