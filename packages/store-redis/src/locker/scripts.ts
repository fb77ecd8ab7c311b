import type { Script } from '../client/commands.ts'
import { scriptOf } from '../client/commands.ts'

/**
 * A lease is a hash that expires: the `mark` of its holder, its `token`, and the yield request of waiters
 * (`ask`). All these scripts are safe to run twice: a reply can be lost.
 *
 * Keys: the lease, the counter of its tokens. Answers are lists of texts.
 */

/**
 * mark, milliseconds the lease lasts, what to ask of a holder, replication ids that are known to be old
 * enough, milliseconds the counter is kept, channel.
 *
 * A server that started or was promoted lately may lack leases that others still count on, so for the
 * time of a lease it grants none. The clock only matters for a counter that was lost.
 */
export const ACQUIRE: Script = scriptOf(`
local lease, counter = KEYS[1], KEYS[2]
local mark, ttl, ask, known, kept, channel = unpack(ARGV)

local holder, token, asked = unpack(redis.call('HMGET', lease, 'mark', 'token', 'ask'))
if holder == mark then
  redis.call('PEXPIRE', lease, ttl)
  return {'granted', token}
end
if holder then
  if ask ~= 'nothing' then
    if asked ~= 'stop' or ask == 'stop' then
      local now = redis.call('TIME')
      local at = string.format('%.0f', now[1] * 1000 + math.floor(now[2] / 1000))
      redis.call('HSET', lease, 'ask', ask, 'asked', at)
    end
    redis.call('PUBLISH', channel, ask .. ' ' .. holder)
  end
  return {'held', tostring(redis.call('PTTL', lease))}
end

local uptime = tonumber(string.match(redis.call('INFO', 'server'), 'uptime_in_seconds:(%d+)'))
-- It counts in whole seconds, of which the first may have been a moment.
local young = ttl + 1000 - uptime * 1000
if young > 0 then return {'young', string.format('%.0f', young)} end
local replication = redis.call('INFO', 'replication')
local current = string.match(replication, 'master_replid:(%x+)')
local before = string.match(replication, 'master_replid2:(%x+)')
if string.find(before, '[^0]') and not string.find(known, current, 1, true) then
  return {'promoted', current}
end

local time = redis.call('TIME')
local last = tonumber(redis.call('GET', counter) or '0')
local fresh = string.format('%.0f', math.max(last + 1, time[1] * 1000000 + time[2]))
redis.call('SET', counter, fresh, 'PX', kept)
redis.call('HSET', lease, 'mark', mark, 'token', fresh)
redis.call('PEXPIRE', lease, ttl)
return {'granted', fresh}
`)

/** mark, milliseconds the lease lasts from now on */
export const RENEW: Script = scriptOf(`
local holder, asked, at = unpack(redis.call('HMGET', KEYS[1], 'mark', 'ask', 'asked'))
if holder ~= ARGV[1] then return {'lost'} end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
if not asked then return {'kept', 'nothing'} end
-- A caller that waits asks again and again. An old request is that of a caller that is gone.
local now = redis.call('TIME')
local age = now[1] * 1000 + math.floor(now[2] / 1000) - tonumber(at or '0')
if age < 0 or age > 2000 then return {'kept', 'nothing'} end
return {'kept', asked}
`)

/** mark, channel, id of the upload */
export const RELEASE: Script = scriptOf(`
local holder, asked = unpack(redis.call('HMGET', KEYS[1], 'mark', 'ask'))
if holder ~= ARGV[1] then return {'lost'} end
redis.call('DEL', KEYS[1])
if asked then redis.call('PUBLISH', ARGV[2], 'free ' .. ARGV[3]) end
return {'released'}
`)
