import type { VersionedTexts } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import type { Commands } from '../client/commands.ts'
import { scriptOf } from '../client/commands.ts'
import type { Layout } from '../client/keys.ts'
import { ask } from '../client/run-script.ts'
import { listRecords } from './list-records.ts'

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/** No arguments. */
const READ = scriptOf(`
local text, version, at = unpack(redis.call('HMGET', KEYS[1], 'text', 'version', 'at'))
if not text then return {'gone'} end
${NOW}
return {'ok', text, version, string.format('%.0f', math.max(0, now - tonumber(at)))}
`)

/** text, new version, expected version or '' for none. The new version identifies a write that is sent again. */
const WRITE = scriptOf(`
local text, version, expected = unpack(ARGV)
local current = redis.call('HGET', KEYS[1], 'version') or ''
if current == version then return {'ok'} end
if current ~= expected then return {'changed'} end
${NOW}
redis.call('HSET', KEYS[1], 'text', text, 'version', version, 'at', string.format('%.0f', now))
return {'ok'}
`)

/** Texts in Redis. They do not expire. */
export function redisTexts(commands: Commands, layout: Layout): VersionedTexts {
  return {
    async read(id) {
      const { state, details } = await ask(commands, READ, [layout.record(id)], [])
      if (state === 'gone') return null
      const [text = '', version = '', age = ''] = details
      return { text, version, age: Number(age) }
    },

    async write(id, text, version) {
      const written = randomBytes(12).toString('base64url')
      const args = [text, written, version ?? '']
      const { state } = await ask(commands, WRITE, [layout.record(id)], args)
      return state === 'ok' ? written : null
    },

    async remove(id) {
      const key = layout.record(id)
      await commands.send(key, ['UNLINK', key])
    },

    list: () => listRecords(commands, layout),
  }
}
