import type {
  Duration,
  NewUpload,
  RecordChange,
  UploadRecords,
  VersionedTexts,
  WholeRecord,
} from '@tusker/core'
import { randomBytes } from 'node:crypto'
import type { RedisClient } from '../client/commands.ts'
import { commandsOver, scriptOf } from '../client/commands.ts'
import { layoutOf } from '../client/keys.ts'
import { listRecords } from './list-records.ts'
import { redisTexts } from './redis-texts.ts'
import { assertDone, ask } from '../client/run-script.ts'
import { checkOptions, timeOf } from '../client/check-options.ts'
import {
  formatFacts,
  formatLength,
  formatOutcome,
  formatToken,
  parseState,
} from './record-format.ts'

/** The options of `redisRecords`. */
export interface RedisRecordsOptions {
  /** The application connects and closes it. */
  readonly client: RedisClient
  /** The start of every key. `tusker:` by default. */
  readonly prefix?: string
  /** The time within which Redis must reply, with reconnects. 5 seconds by default. */
  readonly commandTimeout?: Duration
}

/** Records in Redis, for stores that keep the bytes elsewhere. */
export interface RedisRecords extends UploadRecords {
  /** For a store whose records have a form of their own, such as `s3Uploads`. `list` does not name them. */
  readonly texts: VersionedTexts
}

const REFUSALS = `
if not last then return {'gone'} end
if ARGV[1] ~= '' and tonumber(ARGV[1]) < tonumber(last) then return {'stale'} end
`

/**
 * nonce, facts, length, updatedAt, offset, outcome, data. The nonce tells a creation that is sent again from
 * another one.
 */
const CREATE = scriptOf(`
local nonce, facts, length, touched, offset, outcome, data = unpack(ARGV)
local before = redis.call('HGET', KEYS[1], 'nonce')
if before then return {before == nonce and 'ok' or 'taken'} end
redis.call('HSET', KEYS[1], 'nonce', nonce, 'facts', facts, 'length', length, 'updatedAt', touched,
  'offset', offset, 'token', '0', 'outcome', outcome, 'writer', '', 'data', data)
return {'ok'}
`)

/** token, '1' if the offset may decrease, then names and values of fields */
const CHANGE = scriptOf(`
local last, offset = unpack(redis.call('HMGET', KEYS[1], 'token', 'offset'))
${REFUSALS}
for index = 3, #ARGV, 2 do
  local name, value = ARGV[index], ARGV[index + 1]
  if name ~= 'offset' or ARGV[2] == '1' or tonumber(value) > tonumber(offset) then
    redis.call('HSET', KEYS[1], name, value)
  end
end
if ARGV[1] ~= '' then redis.call('HSET', KEYS[1], 'token', ARGV[1]) end
return {'ok'}
`)

/** token */
const REMOVE = scriptOf(`
local last = redis.call('HGET', KEYS[1], 'token')
${REFUSALS}
redis.call('DEL', KEYS[1])
return {'ok'}
`)

const FIELDS = [
  ...(['facts', 'length', 'updatedAt', 'offset', 'token', 'outcome'] as const),
  ...(['writer', 'data'] as const),
]

/**
 * Keeps records in Redis or Valkey, 6.2 or later. They do not expire.
 *
 * @throws TypeError when an option is missing, unknown or not valid, or the prefix contains `{}`
 */
export function redisRecords(options: RedisRecordsOptions): RedisRecords {
  checkOptions('redisRecords', options, ['client', 'prefix', 'commandTimeout'])
  const { client, prefix = 'tusker:' } = options
  const commands = commandsOver(client, timeOf(options.commandTimeout, 5_000))
  const layout = layoutOf(prefix, 'record')

  async function createWith(
    upload: NewUpload,
    { offset, updatedAt, outcome, data }: WholeRecord,
  ): Promise<boolean> {
    const args = [
      randomBytes(9).toString('base64url'),
      formatFacts(upload),
      formatLength(upload.length),
      String(updatedAt.getTime()),
      String(offset),
      formatOutcome(outcome),
      data ?? '',
    ]
    const created = await ask(commands, CREATE, [layout.record(upload.id)], args)
    if (created.state === 'taken') return false
    assertDone(created)
    return true
  }

  return {
    keyPrefix: prefix,
    texts: redisTexts(commands, layoutOf(prefix, 'text')),

    create: (upload) =>
      createWith(upload, { offset: 0, updatedAt: upload.createdAt, outcome: null, data: null }),

    createWith,

    async find(id) {
      const key = layout.record(id)
      // HMGET replies with a text or null for each field.
      const reply = (await commands.send(key, ['HMGET', key, ...FIELDS])) as (Buffer | null)[]
      if (reply.every((text) => text === null)) return null
      const [facts = '', length = '', updatedAt = '', offset = '', ...rest] = reply.map((text) =>
        text === null ? '' : String(text),
      )
      const [token = '', outcome = '', writer = '', data = ''] = rest
      const record = parseState(id, { facts, length, updatedAt, offset, token, outcome })
      return { ...record, writer: orNull(writer), data: orNull(data) }
    },

    async change(id, token, change) {
      const fields = Object.entries(formatChange(change)).flat()
      const args = [formatToken(token), change.reverts === true ? '1' : '0', ...fields]
      assertDone(await ask(commands, CHANGE, [layout.record(id)], args))
    },

    async remove(id, token) {
      const removed = await ask(commands, REMOVE, [layout.record(id)], [formatToken(token)])
      if (removed.state !== 'gone') assertDone(removed)
    },

    list: () => listRecords(commands, layout),
  }
}

function formatChange(change: RecordChange): Readonly<Record<string, string>> {
  const { offset, length, updatedAt, outcome, writer, data } = change
  return {
    ...(offset === undefined ? {} : { offset: String(offset) }),
    ...(length === undefined ? {} : { length: formatLength(length) }),
    ...(updatedAt === undefined ? {} : { updatedAt: String(updatedAt.getTime()) }),
    ...(outcome === undefined ? {} : { outcome: formatOutcome(outcome) }),
    ...(writer === undefined ? {} : { writer: writer ?? '' }),
    ...(data === undefined ? {} : { data: data ?? '' }),
  }
}

function orNull(text: string): string | null {
  return text === '' ? null : text
}
