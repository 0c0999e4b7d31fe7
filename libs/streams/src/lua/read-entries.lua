--[[
  Takes new entries for a consumer from its pools: up to COUNT of each pool, over all its streams together. XREADGROUP's
  own COUNT is per stream, and a consumer must not lease more than it has free slots. Never blocks.

  KEYS    streams, pool after pool; within a pool lane after lane, from the highest; each lane has the same number of streams
  ARGV    one MessagePack list: group, consumer, number of pools, then per pool:
            COUNT, number of lanes, number of streams in each lane, the lane that is always in use (from 0),
            the lane to begin with, the stream to begin with in each lane
  Result  in MessagePack { { { number of the stream among KEYS, id, { field, value, … } }, … }, { id per stream } }
          The ids are where to wait for news, taken in the same instant; none when there are entries, and '' for the
          streams of a pool whose COUNT is 0.
  After the lane to begin with the others follow from the highest. The streams of a lane that is not always in use come
  into being with the first entry; their group is made here, at the beginning.
  Fails with NOGROUP when a stream or group of the lane that is always in use is gone. Publishes nothing.
]]
local ARGV = cmsgpack.unpack(ARGV[1])
local group, consumer = ARGV[1], ARGV[2]
local argument, key, entries = 2, 0, {}

local function take()
  argument = argument + 1
  return ARGV[argument]
end

local function takePool()
  local pool = { count = take(), lanes = take(), streams = take(), usual = take(), firstLane = take(), firstStream = take(), keys = key }
  key = key + pool.lanes * pool.streams
  return pool
end

local function isUnused(pool, lane)
  if lane == pool.usual then return false end
  local from = pool.keys + lane * pool.streams
  return redis.call('EXISTS', unpack(KEYS, from + 1, from + pool.streams)) == 0
end

local function readGroup(stream, count)
  return redis.pcall('XREADGROUP', 'GROUP', group, consumer, 'COUNT', count, 'STREAMS', stream, '>')
end

local function readStream(stream, count, usual)
  local reply = readGroup(stream, count)
  if usual or not reply or not reply.err or string.sub(reply.err, 1, 7) ~= 'NOGROUP' then return reply end
  if redis.call('EXISTS', stream) == 0 then return false end
  redis.call('XGROUP', 'CREATE', stream, group, '0')
  return readGroup(stream, count)
end

-- Gives an error reply, or nothing.
local function readLane(pool, lane)
  if isUnused(pool, lane) then return end
  for step = 0, pool.streams - 1 do
    if pool.count <= 0 then return end
    local number = pool.keys + lane * pool.streams + (pool.firstStream + step) % pool.streams + 1
    local reply = readStream(KEYS[number], pool.count, lane == pool.usual)
    if reply and reply.err then return reply end
    if reply then
      for _, entry in ipairs(reply[1][2]) do
        entries[#entries + 1] = { number, entry[1], entry[2] }
        pool.count = pool.count - 1
      end
    end
  end
end

local function readPool(pool)
  if pool.count <= 0 then return end
  local failure = readLane(pool, pool.firstLane)
  for lane = 0, pool.lanes - 1 do
    if not failure and lane ~= pool.firstLane then failure = readLane(pool, lane) end
  end
  return failure
end

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

local function waitFrom(pool, ids)
  for lane = 0, pool.lanes - 1 do
    local unused = pool.wanted > 0 and isUnused(pool, lane)
    for stream = 1, pool.streams do
      local name = KEYS[pool.keys + lane * pool.streams + stream]
      if pool.wanted <= 0 then ids[#ids + 1] = ''
      elseif unused or (lane ~= pool.usual and redis.call('EXISTS', name) == 0) then ids[#ids + 1] = '0-0'
      else ids[#ids + 1] = lastDelivered(name) end
    end
  end
end

local pools = {}
for index = 1, take() do
  pools[index] = takePool()
  pools[index].wanted = pools[index].count
end
for _, pool in ipairs(pools) do
  local failure = readPool(pool)
  -- What is leased already must reach the consumer; the next call meets the error again.
  if failure and #entries == 0 then return failure end
end

local ids = {}
if #entries == 0 then
  for _, pool in ipairs(pools) do waitFrom(pool, ids) end
end
return cmsgpack.pack({ entries, ids })
