-- Reserves what a call may cost its tenant, unless that would pass a ceiling.
-- KEYS[1] tenant:<name>   KEYS[2] tenant:<name>:reservations (hash: "cascade step" -> "fence until tokens usd")
-- ARGV[1] "cascade step"   ARGV[2] fence   ARGV[3] how long it counts unless it is renewed, in ms   ARGV[4] tokens   ARGV[5] usd
-- Returns nothing, or { tokens spent and reserved, ceiling, usd spent and reserved, ceiling } when it is refused ('' = none).
-- A reservation counts no longer than its lease: one that a crash left lapses. It stays for an hour more, because who was
-- frozen meanwhile still settles it. Publishes nothing.
local HOUR_MS, DAY_MS = 3600 * 1000, 24 * 3600 * 1000
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local held = redis.call('HMGET', KEYS[1], 'budget_tokens', 'budget_usd', 'usage_prompt_tokens', 'usage_completion_tokens', 'usage_usd')
local tokenCeiling, usdCeiling = tonumber(held[1] or ''), tonumber(held[2] or '')

if tokenCeiling or usdCeiling then
  local tokens, usd = tonumber(held[3] or 0) + tonumber(held[4] or 0), tonumber(held[5] or 0)
  local all = redis.call('HGETALL', KEYS[2])
  for i = 1, #all, 2 do
    local till, reservedTokens, reservedUsd = string.match(all[i + 1], '^%S+ (%S+) (%S+) (%S+)$')
    till = tonumber(till)
    if all[i] ~= ARGV[1] and till > now then
      tokens = tokens + tonumber(reservedTokens)
      usd = usd + tonumber(reservedUsd)
    elseif till + HOUR_MS <= now then
      redis.call('HDEL', KEYS[2], all[i])
    end
  end
  if (tokenCeiling and tokens + ARGV[4] > tokenCeiling) or (usdCeiling and usd + ARGV[5] > usdCeiling) then
    return { tostring(tokens), tostring(tokenCeiling or ''), tostring(usd), tostring(usdCeiling or '') }
  end
end

redis.call('HSET', KEYS[2], ARGV[1], string.format('%s %.0f %s %s', ARGV[2], now + ARGV[3], ARGV[4], ARGV[5]))
redis.call('PEXPIRE', KEYS[2], DAY_MS + ARGV[3])
return false
