-- Begins a step: its journalled result, or its lease together with the reservation of what it may cost.
-- KEYS[1] cascade:<id>:journal   KEYS[2] cascade:<id>:leases (hash: step -> "fence until tokens usd")   KEYS[3] cascade:<id>
-- KEYS[4] cascade:<id>:steps (hash: step -> "service event" that recorded it)   KEYS[5] tenant:<name>
-- KEYS[6] tenant:<name>:reservations (hash: "cascade step" -> as in KEYS[2]; used while the tenant has a ceiling)
-- ARGV[1] step   ARGV[2] fence   ARGV[3] duration of the lease in ms   ARGV[4] tokens   ARGV[5] usd ('' '' = reserves nothing)
-- ARGV[6] "cascade step"
-- Returns one of
--   { 'known', result, "service event" }
--   { 'begun' }
--   { 'busy', ms until the other holder's lease lapses }
--   { 'refused', 'cascade' or 'tenant', tokens spent and reserved, ceiling, usd spent and reserved, ceiling }  ('' = none)
-- A reservation counts as long as its lease: one that a crash left lapses with it. Publishes nothing.
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known then return { 'known', known, redis.call('HGET', KEYS[4], ARGV[1]) } end

local DAY_MS = 24 * 3600 * 1000
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

-- Whether there is a ceiling, and how it is passed: nil when it is not.
local function passes(scope, record, reservations, mine)
  local held = redis.call('HMGET', record, 'budget_tokens', 'budget_usd', 'usage_prompt_tokens', 'usage_completion_tokens', 'usage_usd')
  local tokenCeiling, usdCeiling = tonumber(held[1] or ''), tonumber(held[2] or '')
  if not tokenCeiling and not usdCeiling then return false end
  local tokens, usd = tonumber(held[3] or 0) + tonumber(held[4] or 0), tonumber(held[5] or 0)
  local all = redis.call('HGETALL', reservations)
  for i = 1, #all, 2 do
    local _, till, reservedTokens, reservedUsd = parse(all[i + 1])
    if all[i] ~= mine and till > now then
      tokens = tokens + reservedTokens
      usd = usd + reservedUsd
    elseif all[i] ~= mine and scope == 'tenant' then
      redis.call('HDEL', reservations, all[i])
    end
  end
  if (tokenCeiling and tokens + ARGV[4] > tokenCeiling) or (usdCeiling and usd + ARGV[5] > usdCeiling) then
    return true, { 'refused', scope, tostring(tokens), tostring(tokenCeiling or ''), tostring(usd), tostring(usdCeiling or '') }
  end
  return true
end

local hasCeiling, refused = false, nil
if ARGV[4] ~= '' then
  local _
  _, refused = passes('cascade', KEYS[3], KEYS[2], ARGV[1])
  if refused then return refused end
  hasCeiling, refused = passes('tenant', KEYS[5], KEYS[6], ARGV[6])
  if refused then return refused end
end

local taken = string.format('%s %.0f %s', ARGV[2], now + ARGV[3], ARGV[4] == '' and '0 0' or (ARGV[4] .. ' ' .. ARGV[5]))
redis.call('HSET', KEYS[2], ARGV[1], taken)
if hasCeiling then
  redis.call('HSET', KEYS[6], ARGV[6], taken)
  redis.call('PEXPIRE', KEYS[6], DAY_MS + ARGV[3])
end
return { 'begun' }
