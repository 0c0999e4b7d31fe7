-- Journals a step's result, once, together with what it cost.
-- KEYS[1] cascade:<id>:journal   KEYS[2] cascade:<id>   KEYS[3] cascade:<id>:reservations
-- ARGV[1] step   ARGV[2] result as JSON   ARGV[3] calls (0 or 1)   ARGV[4] prompt tokens   ARGV[5] completion tokens   ARGV[6] usd
-- Returns the result that is journalled: the given one, or the one that another worker recorded first. Publishes nothing.
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then
  return redis.call('HGET', KEYS[1], ARGV[1])
end
redis.call('HDEL', KEYS[3], ARGV[1])
if ARGV[3] ~= '0' then
  redis.call('HINCRBY', KEYS[2], 'usage_calls', ARGV[3])
  redis.call('HINCRBY', KEYS[2], 'usage_prompt_tokens', ARGV[4])
  redis.call('HINCRBY', KEYS[2], 'usage_completion_tokens', ARGV[5])
  redis.call('HINCRBYFLOAT', KEYS[2], 'usage_usd', ARGV[6])
end
return ARGV[2]
