import type { Script } from '../client/commands.ts'
import { scriptOf } from '../client/commands.ts'

/**
 * Every change of an upload is one of these scripts. Redis runs nothing else meanwhile, so its checks still
 * hold when it writes. All scripts can run twice, and reply the same.
 *
 * The first key is the record. The first text of a reply is the result: `ok`, or the reason why nothing
 * changed: `gone`, `stale`, `moved` (with the offset), `damaged`.
 */
const PRELUDE = `
local record = KEYS[1]

local function piece(generation, number)
  return record .. ':' .. generation .. ':' .. number
end

local function isOvertaken(token, last)
  return token ~= '' and tonumber(token) < tonumber(last)
end

local function inTurn(first, last, work)
  while first <= last do
    local stop = math.min(last, first + 999)
    work(first, stop)
    first = stop + 1
  end
end

local function each(generation, first, last, command)
  inTurn(first, last, function(start, stop)
    local keys = {}
    for number = start, stop do keys[#keys + 1] = piece(generation, number) end
    command(keys)
  end)
end

-- Counts the existing pieces among those that hold the committed bytes.
local function areAllThere(generation, bytes, size)
  local count = math.ceil(tonumber(bytes) / size)
  local found = 0
  each(generation, 0, count - 1, function(keys)
    found = found + redis.call('EXISTS', unpack(keys))
  end)
  return found == count
end

-- True once the bytes were removed with the outcome.
local function hasNoBytes()
  return redis.call('HGET', record, 'bytes') == 'removed'
end

-- Removes bytes beyond the offset.
local function drop(generation, offset, top, size)
  local first = math.ceil(tonumber(offset) / size)
  local last = math.ceil(tonumber(top) / size) - 1
  each(generation, first, last, function(keys) redis.call('UNLINK', unpack(keys)) end)
end

-- Pieces live a little longer than their record, so that not every change has to renew each of them.
local function lifetime(ttl)
  return math.floor(ttl * 1.25)
end

local function renew(generation, top, size, ttl)
  if ttl == 0 then return end
  redis.call('PEXPIRE', record, ttl)
  local last = math.ceil(tonumber(top) / size) - 1
  if last < 0 or redis.call('PTTL', piece(generation, 0)) >= ttl then return end
  for number = 0, last do
    redis.call('PEXPIRE', piece(generation, number), lifetime(ttl))
  end
end
`

function script(source: string): Script {
  return scriptOf(PRELUDE + source)
}

/** generation, facts, length, kind, updatedAt, ttl */
export const CREATE: Script = script(`
local generation, facts, length, kind, touched, ttl = unpack(ARGV)
local before = redis.call('HGET', record, 'generation')
if before then
  if before == generation then return {'ok'} end
  return {'taken'}
end
redis.call('HSET', record, 'generation', generation, 'facts', facts, 'length', length, 'kind', kind,
  'updatedAt', touched, 'offset', '0', 'reached', '0', 'top', '0', 'token', '0', 'writer', '',
  'outcome', '')
if ttl ~= '0' then redis.call('PEXPIRE', record, ttl) end
return {'ok'}
`)

/**
 * generation, facts, length, kind, updatedAt, ttl, outcome, bytes for each of the further keys. The offset is
 * the length.
 */
export const CREATE_WHOLE: Script = script(`
local generation, facts, length, kind, touched, ttl, outcome = unpack(ARGV)
local before = redis.call('HGET', record, 'generation')
if before then
  if before == generation then return {'ok'} end
  return {'taken'}
end
local lasting = tonumber(ttl)
for index = 2, #KEYS do
  redis.call('SET', KEYS[index], ARGV[index + 6])
  if lasting > 0 then redis.call('PEXPIRE', KEYS[index], lifetime(lasting)) end
end
redis.call('HSET', record, 'generation', generation, 'facts', facts, 'length', length, 'kind', kind,
  'updatedAt', touched, 'offset', length, 'reached', length, 'top', length, 'token', '0', 'writer', '',
  'outcome', outcome)
if lasting > 0 then redis.call('PEXPIRE', record, lasting) end
return {'ok'}
`)

/** size of a piece */
export const FIND: Script = script(`
local r = redis.call('HMGET', record, 'generation', 'offset', 'facts', 'length', 'updatedAt',
  'outcome', 'token')
if not r[1] then return {'gone'} end
local state = 'ok'
if not hasNoBytes() and not areAllThere(r[1], r[2], tonumber(ARGV[1])) then state = 'damaged' end
return {state, unpack(r)}
`)

/** token, writer, offset or '' for any. The token is noted at any offset, because the earlier holder is stale in any case. */
export const CLAIM: Script = script(`
local token, writer, offset = unpack(ARGV)
local r = redis.call('HMGET', record, 'generation', 'token', 'offset')
if not r[1] then return {'gone'} end
if isOvertaken(token, r[2]) then return {'stale'} end
if token ~= '' then redis.call('HSET', record, 'token', token) end
if offset ~= '' and offset ~= r[3] then return {'moved', r[3]} end
redis.call('HSET', record, 'writer', writer, 'reached', r[3])
return {'ok', r[1], r[3]}
`)

const WRITING = `
local generation, writer, token, start, stop, touched = unpack(ARGV)
local r = redis.call('HMGET', record, 'generation', 'token', 'writer', 'offset', 'reached', 'top')
if r[1] ~= generation then return {'gone'} end
if r[3] ~= writer or isOvertaken(token, r[2]) then return {'stale'} end
`

/**
 * generation, writer, token, start, stop, updatedAt, ttl, size of a piece, whether they count, position
 * in the first piece, bytes for each of the further keys
 */
export const WRITE: Script = script(`
${WRITING}
local ttl, size, at = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[10])
local counts = ARGV[9] == '1'
if r[5] ~= start then
  if r[5] == stop then return {'ok'} end
  return {'moved', r[4]}
end
if at > 0 and redis.call('STRLEN', KEYS[2]) < at then return {'damaged', r[4]} end
for index = 2, #KEYS do
  local key, bytes = KEYS[index], ARGV[index + 9]
  if at == 0 then
    redis.call('SET', key, bytes)
  elseif redis.call('SETRANGE', key, at, bytes) == size then
    -- Redis reserves space for strings that grow. A full piece needs none.
    redis.call('SET', key, redis.call('GET', key))
  end
  if ttl > 0 then redis.call('PEXPIRE', key, lifetime(ttl)) end
  at = 0
end
local top = r[6]
if tonumber(stop) > tonumber(top) then top = stop end
redis.call('HSET', record, 'reached', stop, 'top', top)
if counts then redis.call('HSET', record, 'offset', stop, 'updatedAt', touched) end
renew(generation, top, size, ttl)
return {'ok'}
`)

/** generation, writer, token, start, stop, updatedAt, ttl, size of a piece */
export const COMMIT: Script = script(`
${WRITING}
if r[4] == stop then return {'ok'} end
if r[4] ~= start or r[5] ~= stop then return {'moved', r[4]} end
redis.call('HSET', record, 'offset', stop, 'updatedAt', touched)
renew(generation, r[6], tonumber(ARGV[8]), tonumber(ARGV[7]))
return {'ok'}
`)

/** generation, writer, token, start, '', '', '', size of a piece */
export const RETRACT: Script = script(`
${WRITING}
drop(generation, r[4], r[6], tonumber(ARGV[8]))
redis.call('HSET', record, 'reached', r[4], 'top', r[4])
return {'ok'}
`)

/** generation, writer, token, the lower offset, '', updatedAt, '', size of a piece */
export const REVERT: Script = script(`
${WRITING}
redis.call('HSET', record, 'offset', start, 'updatedAt', touched)
drop(generation, start, r[6], tonumber(ARGV[8]))
redis.call('HSET', record, 'reached', start, 'top', start)
return {'ok'}
`)

/** token, length */
export const DECLARE: Script = script(`
local token, length = unpack(ARGV)
local last = redis.call('HGET', record, 'token')
if not last then return {'gone'} end
if isOvertaken(token, last) then return {'stale'} end
redis.call('HSET', record, 'length', length)
if token ~= '' then redis.call('HSET', record, 'token', token) end
return {'ok'}
`)

/** token, outcome, updatedAt, ttl, ttl of what ended, size of a piece, '0' to remove the bytes */
export const FINISH: Script = script(`
local token, outcome, touched = unpack(ARGV)
local size = tonumber(ARGV[6])
local r = redis.call('HMGET', record, 'generation', 'token', 'offset', 'top', 'kind')
if not r[1] then return {'gone'} end
if isOvertaken(token, r[2]) then return {'stale'} end
local keeps = ARGV[7] ~= '0'
if keeps and not areAllThere(r[1], r[3], size) then return {'damaged', r[1], r[3]} end
local count = keeps and r[3] or '0'
redis.call('HSET', record, 'outcome', outcome, 'updatedAt', touched, 'top', count, 'writer', '')
if token ~= '' then redis.call('HSET', record, 'token', token) end
if not keeps then redis.call('HSET', record, 'bytes', 'removed') end
drop(r[1], count, r[4], size)
local rest = keeps and math.fmod(tonumber(r[3]), size) or 0
local last = piece(r[1], math.floor(tonumber(r[3]) / size))
if rest > 0 and redis.call('STRLEN', last) > rest then
  redis.call('SET', last, redis.call('GETRANGE', last, 0, rest - 1))
end
-- A partial upload is useless by itself: it expires like an unfinished one.
local ttl = tonumber(ARGV[r[5] == 'partial' and 4 or 5])
for number = 0, math.ceil(tonumber(count) / size) - 1 do
  local key = piece(r[1], number)
  if ttl > 0 then redis.call('PEXPIRE', key, lifetime(ttl)) else redis.call('PERSIST', key) end
end
if ttl > 0 then redis.call('PEXPIRE', record, ttl) else redis.call('PERSIST', record) end
return {'ok'}
`)

/** token, size of a piece */
export const REMOVE: Script = script(`
local r = redis.call('HMGET', record, 'generation', 'token', 'top')
if not r[1] then return {'ok'} end
if isOvertaken(ARGV[1], r[2]) then return {'stale'} end
drop(r[1], 0, r[3], tonumber(ARGV[2]))
redis.call('DEL', record)
return {'ok'}
`)
