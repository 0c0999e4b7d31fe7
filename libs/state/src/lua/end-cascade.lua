-- Ends a cascade from outside its handlers (deadline, cancellation), unless it has already ended. A deadline is looked at
-- again by this server's clock: it may have moved since somebody saw it pass.
-- KEYS[1] cascade:<id>   KEYS[2] deadlines   KEYS[3] stream of the terminal event
-- ARGV[1] id   ARGV[2] new state   ARGV[3] ended, ISO time   ARGV[4] channel that stops running handlers
-- ARGV[5] problem as JSON   ARGV[6..] field, value, … of the terminal event's entry
-- Returns 1 when ended by this call, 0 when it had ended, -1 when there is no such cascade, 2 when its deadline is to come.
-- Publishes one entry on KEYS[3] and the id on the channel.
local state = redis.call('HGET', KEYS[1], 'state')
if not state then return -1 end
if state ~= 'running' and state ~= 'waiting' then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 0
end
if ARGV[2] == 'timed_out' then
  local time, deadline = redis.call('TIME'), redis.call('ZSCORE', KEYS[2], ARGV[1])
  if deadline and tonumber(deadline) > time[1] * 1000 + math.floor(time[2] / 1000) then return 2 end
end
redis.call('HSET', KEYS[1], 'state', ARGV[2], 'ended_at', ARGV[3], 'problem', ARGV[5])
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('XADD', KEYS[3], '*', unpack(ARGV, 6))
redis.call('PUBLISH', ARGV[4], ARGV[1])
return 1
