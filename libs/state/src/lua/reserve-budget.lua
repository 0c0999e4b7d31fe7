-- Reserves what a step may cost, before it runs; the same step's earlier reservation is replaced.
-- KEYS[1] cascade:<id>   KEYS[2] cascade:<id>:reservations (hash: step -> "tokens usd")
-- ARGV[1] step   ARGV[2] tokens   ARGV[3] usd
-- Returns {1} when reserved, {0, tokens spent and reserved, token ceiling, usd spent and reserved, usd ceiling} when it
-- does not fit ('' = no ceiling). Publishes nothing.
local tokens = tonumber(redis.call('HGET', KEYS[1], 'usage_prompt_tokens') or 0) + tonumber(redis.call('HGET', KEYS[1], 'usage_completion_tokens') or 0)
local usd = tonumber(redis.call('HGET', KEYS[1], 'usage_usd') or 0)
local reservations = redis.call('HGETALL', KEYS[2])
for i = 1, #reservations, 2 do
  if reservations[i] ~= ARGV[1] then
    local space = string.find(reservations[i + 1], ' ', 1, true)
    tokens = tokens + tonumber(string.sub(reservations[i + 1], 1, space - 1))
    usd = usd + tonumber(string.sub(reservations[i + 1], space + 1))
  end
end
local ceiling = redis.call('HMGET', KEYS[1], 'budget_tokens', 'budget_usd')
local tokenCeiling, usdCeiling = tonumber(ceiling[1] or ''), tonumber(ceiling[2] or '')
if (tokenCeiling and tokens + tonumber(ARGV[2]) > tokenCeiling) or (usdCeiling and usd + tonumber(ARGV[3]) > usdCeiling) then
  return { 0, tostring(tokens), tostring(tokenCeiling or ''), tostring(usd), tostring(usdCeiling or '') }
end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2] .. ' ' .. ARGV[3])
return { 1 }
