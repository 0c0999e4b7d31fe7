--[[
  Removes old entries that every group of the stream has acknowledged. MAXLEN would also remove pending ones.
  Without a group, entries wait for a service that runs for the first time, but not for ever.

  KEYS    stream, the same stream in the lane that is always in use (the same key for a stream of that lane)
  ARGV    oldest id to keep in any case (`<Unix milliseconds>-0`), the same while the stream has no group
  Result  number of entries removed
  A group that the usual lane has and this one does not is a service that has not yet met this lane, e.g. because it does
  not run: it is made here, at the beginning, and keeps everything.
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

local function groupsOf(key)
  local groups = {}
  local reply = redis.pcall('XINFO', 'GROUPS', key)
  for _, info in ipairs(reply.err and {} or reply) do
    local group = {}
    for index = 1, #info, 2 do group[info[index]] = info[index + 1] end
    groups[group.name] = group
  end
  return groups
end

if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local groups = groupsOf(KEYS[1])
local isNew = false
for name in pairs(groupsOf(KEYS[2])) do
  if not groups[name] then
    redis.call('XGROUP', 'CREATE', KEYS[1], name, '0')
    isNew = true
  end
end
if isNew then return 0 end
if next(groups) == nil then return redis.call('XTRIM', KEYS[1], 'MINID', '~', ARGV[2]) end

local keepFrom = ARGV[1]
for name, group in pairs(groups) do
  keepFrom = earlier(group['last-delivered-id'], keepFrom)
  if group.pending > 0 then keepFrom = earlier(redis.call('XPENDING', KEYS[1], name)[2], keepFrom) end
end
return redis.call('XTRIM', KEYS[1], 'MINID', '~', keepFrom)
