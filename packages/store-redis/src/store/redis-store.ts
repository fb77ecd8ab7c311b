import type {
  Duration,
  OptionalOperation,
  Size,
  StoreWith,
  UploadInfo,
  UploadStore,
} from '@tusker/core'
import { assertHasBytes, keepsBytes, parseSize, UploadError } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Keeping } from './append.ts'
import { append, claim, stage } from './append.ts'
import type { Argument, RedisClient } from '../client/commands.ts'
import { commandsOver } from '../client/commands.ts'
import { layoutOf, PIECE, spansOf } from '../client/keys.ts'
import { listRecords } from '../records/list-records.ts'
import { partsOf, readPieces } from './read.ts'
import { CREATE, CREATE_WHOLE, DECLARE, FINISH, REMOVE } from './scripts.ts'
import { assertDone, ask } from '../client/run-script.ts'
import { checkOptions, lifetimeOf, timeOf } from '../client/check-options.ts'
import { formatFacts, formatLength, formatOutcome, formatToken } from '../records/record-format.ts'
import { confirmDamage, lookUp } from './find.ts'

/** The store in Redis has all optional methods. */
export type RedisStore = StoreWith<OptionalOperation> &
  Required<Pick<UploadStore, 'revert'>> & { readonly maxLength: number }

/** The options of `redisStore`. */
export interface RedisStoreOptions {
  /** The application connects and closes it. */
  readonly client: RedisClient
  /** The start of every key. `tusker:` by default. */
  readonly prefix?: string
  /** The most bytes of one upload. 64 MiB by default, since all bytes are in the memory of Redis. */
  readonly maxLength?: Size
  /**
   * How long after its last change Redis keeps an unfinished or partial upload. For ever by default. Make it longer than `expireAfter` of the server, so that a client learns that its upload expired.
   */
  readonly ttl?: Duration
  /** How long Redis keeps a completed or rejected upload. For ever by default. */
  readonly expireEndedAfter?: Duration
  /** The time within which Redis must reply, with reconnects. 5 seconds by default. */
  readonly commandTimeout?: Duration
}

const MIB = 2 ** 20

/**
 * Stores uploads in Redis or Valkey, 6.2 or later: a record for each upload, and its bytes in pieces. The
 * record holds the committed offset, and each change of it is one script. So several processes can share the
 * uploads, with a shared locker.
 *
 * How safe acknowledged bytes are depends on the persistence of Redis, see `appendonly`.
 *
 * @throws TypeError when an option is missing, unknown or not valid, or the prefix contains `{}`
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  checkOptions('redisStore', options, [
    'client',
    'prefix',
    'maxLength',
    'ttl',
    'expireEndedAfter',
    'commandTimeout',
  ])
  const { client, prefix = 'tusker:' } = options
  const commandTimeout = timeOf(options.commandTimeout, 5_000)
  const commands = commandsOver(client, commandTimeout)
  const layout = layoutOf(prefix, 'upload')
  const ttl = lifetimeOf(options.ttl)
  const endedTtl = lifetimeOf(options.expireEndedAfter)
  const keeping: Keeping = { commands, layout, ttl }

  async function get(id: string): Promise<UploadInfo & { readonly generation: string }> {
    const found = await lookUp(keeping, id)
    if (found === null) throw new UploadError('not_found', 'there is no such upload')
    return { ...found.record.upload, generation: found.generation }
  }

  return {
    maxLength: Math.min(parseSize(options.maxLength) ?? 64 * MIB, Number.MAX_SAFE_INTEGER),
    keyPrefix: prefix,

    async create(upload) {
      const generation = randomBytes(6).toString('base64url')
      const created = await ask(
        commands,
        CREATE,
        [layout.record(upload.id)],
        [
          generation,
          formatFacts(upload),
          formatLength(upload.length),
          upload.concatenation?.kind ?? 'whole',
          String(upload.createdAt.getTime()),
          String(ttl),
        ],
      )
      if (created.state === 'taken') return false
      assertDone(created)
      return true
    },

    async createWhole(upload, { chunks, outcome }) {
      const generation = randomBytes(6).toString('base64url')
      const bytes = Buffer.concat(chunks)
      const spans = [...spansOf(0, bytes.byteLength)]
      const kind = upload.concatenation?.kind ?? 'whole'
      const hasEnded = outcome !== null && kind !== 'partial'
      const args: Argument[] = [
        generation,
        formatFacts(upload),
        formatLength(upload.length),
        kind,
        String(Date.now()),
        String(hasEnded ? endedTtl : ttl),
        formatOutcome(outcome),
      ]
      let from = 0
      for (const { length } of spans) args.push(bytes.subarray(from, (from += length)))
      const pieces = spans.map(({ number }) => layout.piece(upload.id, generation, number))
      const keys = [layout.record(upload.id), ...pieces]
      const created = await ask(commands, CREATE_WHOLE, keys, args)
      if (created.state === 'taken') return false
      assertDone(created)
      return true
    },

    async find(id) {
      return (await lookUp(keeping, id))?.record.upload ?? null
    },

    async append(id, offset, bytes, { token, onProgress }) {
      return append(await claim(keeping, id, offset, token), bytes, onProgress)
    },

    async appendVerified(id, offset, bytes, { verify, token, onProgress }) {
      const claimed = await claim(keeping, id, offset, token)
      const end = await stage(claimed, bytes)
      if (!(await verify())) {
        await claimed.retract()
        return offset
      }
      if (end > offset) {
        await claimed.commit(end)
        onProgress?.(end)
      }
      return end
    },

    async revert(id, offset, token) {
      const claimed = await claim(keeping, id, null, token)
      await claimed.revert(offset)
    },

    async finish(id, outcome, token) {
      const args = [
        formatToken(token),
        formatOutcome(outcome),
        String(Date.now()),
        String(ttl),
        String(endedTtl),
        String(PIECE),
        keepsBytes(outcome) ? '1' : '0',
      ]
      const deadline = performance.now() + commandTimeout
      for (;;) {
        const finished = await ask(commands, FINISH, [layout.record(id)], args)
        if (finished.state !== 'damaged') return assertDone(finished)
        const [generation = '', offset = ''] = finished.details
        await confirmDamage(keeping, id, generation, Number(offset))
        if (performance.now() > deadline)
          throw new Error('a slot of the cluster stays in two places')
        await sleep(50)
      }
    },

    async declareLength(id, length, token) {
      const args = [formatToken(token), formatLength(length)]
      assertDone(await ask(commands, DECLARE, [layout.record(id)], args))
    },

    async concatenate(id, parts, token) {
      const found = await partsOf(parts, get)
      const length = found.reduce((sum, { offset }) => sum + offset, 0)
      const claimed = await claim(keeping, id, null, token)
      // An earlier run has done it, and its reply was lost.
      if (claimed.offset === length) return length
      if (claimed.offset !== 0) throw new Error(`the upload is at ${claimed.offset}, not 0`)
      const end = await stage(claimed, contentOf(found))
      await claimed.commit(end)
      return end
    },

    async remove(id, token) {
      const args = [formatToken(token), String(PIECE)]
      assertDone(await ask(commands, REMOVE, [layout.record(id)], args))
    },

    list: () => listRecords(commands, layout),

    async *read(id, start, end) {
      if (end <= start) return
      const upload = await get(id)
      assertHasBytes(upload)
      const { generation } = upload
      yield* readPieces(keeping, { id, generation }, start, end)
    },
  }

  async function* contentOf(
    parts: readonly { readonly id: string; readonly generation: string; readonly offset: number }[],
  ): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield* readPieces(keeping, part, 0, part.offset)
  }
}
