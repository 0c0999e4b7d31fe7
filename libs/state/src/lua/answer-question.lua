-- Records a person's answer and lets the event that waited for it go on.
-- KEYS[1] cascade:<id>   KEYS[2] cascade:<id>:answers (hash: name -> answer)   KEYS[3] cascade:<id>:parked (hash: name -> entry)
-- KEYS[4] retries:<service> of the service that waits
-- ARGV[1] name   ARGV[2] answer   ARGV[3..] field, value, … of the parked entry
-- Returns 1 when the cascade goes on, 0 when nothing waits under that name. Publishes the parked entry on KEYS[4].
if redis.call('HDEL', KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
if redis.call('HGET', KEYS[1], 'state') == 'waiting' and redis.call('HLEN', KEYS[3]) == 0 then
  redis.call('HSET', KEYS[1], 'state', 'running')
  redis.call('HDEL', KEYS[1], 'question', 'question_name')
end
redis.call('XADD', KEYS[4], '*', unpack(ARGV, 3))
return 1
