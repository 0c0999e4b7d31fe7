-- Takes an agent whose deadline has passed off the list of live ones, unless its deadline has moved since it was read.
-- KEYS[1] agent-<id>   KEYS[2] active_agents   KEYS[3] deadlines
-- ARGV[1] id   ARGV[2] member of deadlines   ARGV[3] deadline as it was read, Unix ms
-- Returns 1 when it expired by this call, else 0. Publishes nothing.
local score = redis.call('ZSCORE', KEYS[3], ARGV[2])
if not score or tonumber(score) ~= tonumber(ARGV[3]) then return 0 end
redis.call('ZREM', KEYS[3], ARGV[2])
redis.call('SREM', KEYS[2], ARGV[1])
if redis.call('HGET', KEYS[1], 'state') == 'active' then redis.call('HSET', KEYS[1], 'state', 'expired') end
return 1
