import type { OptionalOperation, StoreWith, UploadInfo } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Keeping } from './append.ts'
import { append, claim, stage } from './append.ts'
import type { RedisClient } from '../client/commands.ts'
import { commandsOver } from '../client/commands.ts'
import { layoutOf, PIECE } from '../client/keys.ts'
import { listRecords } from '../records/list-records.ts'
import { partsOf, readPieces } from './read.ts'
import { CREATE, DECLARE, FINISH, REMOVE } from './scripts.ts'
import { assertDone, ask } from '../client/run-script.ts'
import { lifetimeOf, timeOf } from '../client/check-duration.ts'
import { formatFacts, formatLength, formatOutcome, formatToken } from '../records/record-format.ts'
import { confirmDamage, lookUp } from './find.ts'

/** A store in Redis has every ability. */
export type RedisStore = StoreWith<OptionalOperation> & { readonly maxLength: number }

/** How uploads are kept in Redis. */
export interface RedisStoreOptions {
  /** Connected by the application, and closed by it. */
  readonly client: RedisClient
  /** Begins every key. `tusker:` by default. */
  readonly prefix?: string
  /** Bytes one upload may hold. 64 MiB by default, since all of it is in the memory of Redis. */
  readonly maxLength?: number
  /**
   * Milliseconds after its last change when Redis forgets an upload that did not end, or is a part of
   * others. By default it never does. Where the server has an `expireAfter`, this one is to be longer:
   * then a client hears what became of its upload.
   */
  readonly ttl?: number
  /** Milliseconds after which Redis forgets an upload that ended. By default it never does. */
  readonly expireEndedAfter?: number
  /** Milliseconds that Redis has for an answer, lost connections included. 5 seconds by default. */
  readonly commandTimeout?: number
}

const MIB = 2 ** 20

/**
 * Keeps uploads in Redis or Valkey, 6.2 or later: for each a record, and its bytes in pieces. The record
 * alone says how many of the bytes count, and each change of it is one script, so several processes may
 * share the uploads, with a locker that they share too.
 *
 * What Redis acknowledged is as safe as it was told to make it, see `appendonly`.
 *
 * @throws TypeError when a time is none, or the prefix holds `{}`
 */
export function redisStore(options: RedisStoreOptions): RedisStore {
  const { client, prefix = 'tusker:', maxLength = 64 * MIB } = options
  const commandTimeout = timeOf('commandTimeout', options.commandTimeout ?? 5_000)
  const commands = commandsOver(client, commandTimeout)
  const layout = layoutOf(prefix, 'upload')
  const ttl = lifetimeOf('expireAfter', options.ttl)
  const endedTtl = lifetimeOf('expireEndedAfter', options.expireEndedAfter)
  const keeping: Keeping = { commands, layout, ttl }

  async function get(id: string): Promise<UploadInfo & { readonly generation: string }> {
    const found = await lookUp(keeping, id)
    if (found === null) throw new UploadError('not_found', 'there is no such upload')
    return { ...found.record.upload, generation: found.generation }
  }

  return {
    maxLength,

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

    async find(id) {
      return (await lookUp(keeping, id))?.record.upload ?? null
    },

    async append(id, offset, bytes, { token, onProgress }) {
      return append(await claim(keeping, id, offset, token), bytes, onProgress)
    },

    async appendVerified(id, offset, bytes, verify, { token, onProgress }) {
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

    async finish(id, outcome, token) {
      const args = [
        formatToken(token),
        formatOutcome(outcome),
        String(Date.now()),
        String(ttl),
        String(endedTtl),
        String(PIECE),
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
      // Done before, by somebody who could not tell it any more.
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
      const { generation } = await get(id)
      yield* readPieces(keeping, { id, generation }, start, end)
    },
  }

  async function* contentOf(
    parts: readonly { readonly id: string; readonly generation: string; readonly offset: number }[],
  ): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield* readPieces(keeping, part, 0, part.offset)
  }
}
