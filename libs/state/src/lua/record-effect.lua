-- Records an effect with the next number of its cascade, before it is tried; once.
-- KEYS[1] cascade:<id>:effects (hash: "<kind>:<key>" -> record as JSON)   KEYS[2] cascade:<id>
-- ARGV[1] field   ARGV[2] record as JSON, an object without "seq"   ARGV[3] most effects of a cascade
-- ARGV[4..] states in which nothing begins any more
-- Returns 1 when the record stands, 0 when the cascade has ended, -1 when it has too many. Publishes nothing.
-- Records are never removed while their cascade is, so that their number is the next one's place in the order.
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return 1 end
local state = redis.call('HGET', KEYS[2], 'state')
for index = 4, #ARGV do
  if state == ARGV[index] then return 0 end
end
local count = redis.call('HLEN', KEYS[1])
if count >= tonumber(ARGV[3]) then return -1 end
redis.call('HSET', KEYS[1], ARGV[1], '{"seq":' .. (count + 1) .. ',' .. string.sub(ARGV[2], 2))
return 1
