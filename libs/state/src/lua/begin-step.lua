-- Begins a step: its journalled result, or its lease together with the reservation of what it may cost.
-- KEYS[1] cascade:<id>:journal   KEYS[2] cascade:<id>:leases (hash: step -> "fence until tokens usd")   KEYS[3] cascade:<id>
-- KEYS[4] cascade:<id>:steps (hash: step -> "service event" that recorded it)
-- ARGV[1] step   ARGV[2] fence   ARGV[3] duration of the lease in ms   ARGV[4] tokens   ARGV[5] usd ('' '' = reserves nothing)
-- Returns one of
--   { 'known', result, "service event" }
--   { 'begun' }
--   { 'busy', ms until the other holder's lease lapses }
--   { 'refused', tokens spent and reserved, ceiling, usd spent and reserved, ceiling }  ('' = none)
-- A reservation counts as long as its lease: one that a crash left lapses with it. Publishes nothing.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return { 'known', known, redis.call('HGET', KEYS[4], ARGV[1]) } end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function parse(lease)
  local fence, till, tokens, usd = string.match(lease, '^(%S+) (%S+) (%S+) (%S+)$')
  return fence, tonumber(till), tonumber(tokens), tonumber(usd)
end

local lease = redis.call('HGET', KEYS[2], ARGV[1])
if lease then
  local fence, till = parse(lease)
  if fence ~= ARGV[2] and till > now then return { 'busy', till - now } end
end

-- How the cascade's ceiling is passed; nil when it is not.
local function refusal()
  local held = redis.call('HMGET', KEYS[3], 'budget_tokens', 'budget_usd', 'usage_prompt_tokens', 'usage_completion_tokens', 'usage_usd')
  local tokenCeiling, usdCeiling = tonumber(held[1] or ''), tonumber(held[2] or '')
  if not tokenCeiling and not usdCeiling then return nil end
  local tokens, usd = tonumber(held[3] or 0) + tonumber(held[4] or 0), tonumber(held[5] or 0)
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local _, till, reservedTokens, reservedUsd = parse(all[i + 1])
    if all[i] ~= ARGV[1] and till > now then
      tokens = tokens + reservedTokens
      usd = usd + reservedUsd
    end
  end
  if (tokenCeiling and tokens + ARGV[4] > tokenCeiling) or (usdCeiling and usd + ARGV[5] > usdCeiling) then
    return { 'refused', tostring(tokens), tostring(tokenCeiling or ''), tostring(usd), tostring(usdCeiling or '') }
  end
end

local refused = ARGV[4] ~= '' and refusal()
if refused then return refused end
redis.call('HSET', KEYS[2], ARGV[1], string.format('%s %.0f %s', ARGV[2], now + ARGV[3], ARGV[4] == '' and '0 0' or (ARGV[4] .. ' ' .. ARGV[5])))
return { 'begun' }
