--[[
  Takes up to COUNT new entries for a consumer, over all its streams together: XREADGROUP's own COUNT is per stream, and
  a consumer must not lease more than it has free slots. Never blocks.

  KEYS    streams
  ARGV    group, consumer, COUNT, number of the stream to begin with (rotates, so that no stream starves)
  Result  { { { stream, id, { field, value, … } }, … }, { last delivered id of each stream } }
          The ids are where to wait for news, taken in the same instant; empty when there are entries.
  Fails with NOGROUP when a stream or its group is gone. Publishes nothing.
]]
local group, consumer, left, first = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
local entries = {}

for step = 0, #KEYS - 1 do
  if left <= 0 then break end
  local stream = KEYS[(first + step) % #KEYS + 1]
  local reply = redis.pcall('XREADGROUP', 'GROUP', group, consumer, 'COUNT', left, 'STREAMS', stream, '>')
  if reply and reply.err then
    -- What is leased already must reach the consumer; the next call meets the error again.
    if #entries == 0 then return reply end
    break
  end
  if reply then
    for _, entry in ipairs(reply[1][2]) do
      entries[#entries + 1] = { stream, entry[1], entry[2] }
      left = left - 1
    end
  end
end

if #entries > 0 then return { entries, {} } end

local function lastDelivered(stream)
  for _, info in ipairs(redis.call('XINFO', 'GROUPS', stream)) do
    local name, id
    for index = 1, #info, 2 do
      if info[index] == 'name' then name = info[index + 1] end
      if info[index] == 'last-delivered-id' then id = info[index + 1] end
    end
    if name == group then return id end
  end
  return '0-0'
end

local ids = {}
for index, stream in ipairs(KEYS) do ids[index] = lastDelivered(stream) end
return { entries, ids }
