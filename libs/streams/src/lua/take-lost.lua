--[[
  Takes entries that are pending for a consumer which does not know of them, because the reply that leased them was lost
  with its connection.

  KEYS    stream
  ARGV    one MessagePack list: group, consumer, most entries, then the ids of the entries that the consumer knows of
  Result  in MessagePack { { id, deliveries (this one included), { field, value, … } }, … }; none without stream or group
  Publishes nothing.
]]
local ARGV = cmsgpack.unpack(ARGV[1])
local group, consumer, most = ARGV[1], ARGV[2], ARGV[3]
local PAGE = 100

local known = {}
for index = 4, #ARGV do known[ARGV[index]] = true end

local function take(id, deliveries, taken)
  local entry = redis.call('XCLAIM', KEYS[1], group, consumer, 0, id)[1]
  if entry then taken[#taken + 1] = { id, deliveries + 1, entry[2] } end
end

local taken, from = {}, '-'
while #taken < most do
  local page = redis.pcall('XPENDING', KEYS[1], group, from, '+', PAGE, consumer)
  if page.err then
    if string.sub(page.err, 1, 7) == 'NOGROUP' then break end
    return page
  end
  for _, pending in ipairs(page) do
    if not known[pending[1]] and #taken < most then take(pending[1], pending[4], taken) end
  end
  if #page < PAGE then break end
  from = '(' .. page[PAGE][1]
end
return cmsgpack.pack(taken)
