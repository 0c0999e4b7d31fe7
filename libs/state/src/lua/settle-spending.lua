-- Counts what a call did cost its tenant in place of what was reserved; once, however often it is said.
-- KEYS[1] tenant:<name>   KEYS[2] tenant:<name>:reservations (hash: "cascade step" -> "fence until tokens usd")
-- ARGV[1] "cascade step"   ARGV[2] fence   ARGV[3] prompt tokens   ARGV[4] completion tokens   ARGV[5] usd
-- Returns 1, or 0 when it is settled already. The reservation of a later holder of the step stays: both calls are paid.
-- Publishes nothing.
local reserved = redis.call('HGET', KEYS[2], ARGV[1])
if not reserved then return 0 end
if string.match(reserved, '^%S+') == ARGV[2] then redis.call('HDEL', KEYS[2], ARGV[1]) end
redis.call('HINCRBY', KEYS[1], 'usage_calls', 1)
redis.call('HINCRBY', KEYS[1], 'usage_prompt_tokens', ARGV[3])
redis.call('HINCRBY', KEYS[1], 'usage_completion_tokens', ARGV[4])
redis.call('HINCRBYFLOAT', KEYS[1], 'usage_usd', ARGV[5])
return 1
