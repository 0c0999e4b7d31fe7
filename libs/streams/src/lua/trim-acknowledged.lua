--[[
  Removes old entries that every group of the stream has acknowledged. MAXLEN would also remove pending ones.

  KEYS    stream
  ARGV    oldest id to keep in any case (`<Unix milliseconds>-0`)
  Result  number of entries removed
  Publishes nothing.
]]
local function number(id)
  local ms, sequence = string.match(id, '^(%d+)-?(%d*)$')
  return tonumber(ms), tonumber(sequence) or 0
end

local function earlier(one, other)
  local ms, sequence = number(one)
  local otherMs, otherSequence = number(other)
  if ms < otherMs or (ms == otherMs and sequence < otherSequence) then return one end
  return other
end

local groups = redis.pcall('XINFO', 'GROUPS', KEYS[1])
if groups.err or #groups == 0 then return 0 end

local keepFrom = ARGV[1]
for _, info in ipairs(groups) do
  local group = {}
  for index = 1, #info, 2 do group[info[index]] = info[index + 1] end
  keepFrom = earlier(group['last-delivered-id'], keepFrom)
  if group.pending > 0 then keepFrom = earlier(redis.call('XPENDING', KEYS[1], group.name)[2], keepFrom) end
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', keepFrom)
