import type { AppendOptions } from '@tusker/core'
import { offsetMismatch } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import type { Batches } from './batch-writer.ts'
import { batches } from './batch-writer.ts'
import type { Argument, Commands } from '../client/commands.ts'
import type { Layout } from '../client/keys.ts'
import { PIECE, spansOf } from '../client/keys.ts'
import { CLAIM, COMMIT, RETRACT, REVERT, WRITE } from './scripts.ts'
import { assertDone, ask } from '../client/run-script.ts'
import { formatToken } from '../records/record-format.ts'

/** The parts and limits of the store. */
export interface Keeping {
  readonly commands: Commands
  readonly layout: Layout
  /** Milliseconds after its last change for which Redis keeps an unfinished upload; 0 for ever. */
  readonly ttl: number
}

/** The right to append to an upload, until another writer claims it. */
export interface Claim {
  readonly offset: number
  /** Writes and commits bytes at a position. */
  add(bytes: Buffer, start: number): Promise<void>
  /** Writes bytes beyond the offset, without committing them. */
  stage(bytes: Buffer, start: number): Promise<void>
  /** Commits all staged bytes, up to `end`. */
  commit(end: number): Promise<void>
  /** Goes back to an offset below the committed one. */
  revert(offset: number): Promise<void>
  /** Forgets what was staged. */
  retract(): Promise<void>
}

/**
 * Claims an upload. From then on an earlier writer changes nothing. Each claim has an id of its own beside
 * the token, so that late or repeated commands of the same process are recognised too.
 *
 * @param offset where the upload must be; null for anywhere
 */
export async function claim(
  { commands, layout, ttl }: Keeping,
  id: string,
  offset: number | null,
  token: number | null,
): Promise<Claim> {
  const record = layout.record(id)
  const writer = randomBytes(9).toString('base64url')
  const by = formatToken(token)
  const claimed = await ask(commands, CLAIM, [record], [by, writer, String(offset ?? '')])
  if (claimed.state === 'moved' && offset !== null) {
    throw offsetMismatch(Number(claimed.details[0]), offset)
  }
  assertDone(claimed)
  const [generation = '', at = ''] = claimed.details
  const common = [String(ttl), String(PIECE)]

  async function write(bytes: Buffer, start: number, counts: boolean): Promise<void> {
    const spans = [...spansOf(start, start + bytes.byteLength)]
    const keys = spans.map(({ number }) => layout.piece(id, generation, number))
    const args: Argument[] = [
      generation,
      writer,
      by,
      String(start),
      String(start + bytes.byteLength),
      String(Date.now()),
      ...common,
      counts ? '1' : '0',
      String(start % PIECE),
    ]
    let from = 0
    for (const { length } of spans) args.push(bytes.subarray(from, (from += length)))
    assertDone(await ask(commands, WRITE, [record, ...keys], args))
  }

  return {
    offset: Number(at),
    add: (bytes, start) => write(bytes, start, true),
    stage: (bytes, start) => write(bytes, start, false),
    async commit(end) {
      const args = [generation, writer, by, at, String(end), String(Date.now()), ...common]
      assertDone(await ask(commands, COMMIT, [record], args))
    },
    async revert(to) {
      const touched = String(Date.now())
      const args = [generation, writer, by, String(to), '', touched, ...common]
      assertDone(await ask(commands, REVERT, [record], args))
    },
    async retract() {
      const args = [generation, writer, by, at, '', '', ...common]
      assertDone(await ask(commands, RETRACT, [record], args))
    },
  }
}

/** Commits bytes as they arrive, also those before a write that failed. */
export async function append(
  claimed: Claim,
  bytes: AsyncIterable<Uint8Array>,
  onProgress: AppendOptions['onProgress'],
): Promise<number> {
  let reached = claimed.offset
  const batched = batches(reached, async (batch, start) => {
    await claimed.add(batch, start)
    reached = start + batch.byteLength
    onProgress?.(reached)
  })
  await writeAll(batched, bytes)
  return reached
}

/** Stages bytes beyond the offset, and returns where they end. */
export async function stage(claimed: Claim, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let reached = claimed.offset
  const batched = batches(reached, async (batch, start) => {
    await claimed.stage(batch, start)
    reached = start + batch.byteLength
  })
  await writeAll(batched, bytes)
  return reached
}

async function writeAll(batched: Batches, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of bytes) {
      const enough = batched.add(chunk)
      if (enough !== null) await enough
    }
    await batched.flush()
  } catch (error) {
    // A body that throws against its contract: its bytes are kept.
    await batched.flush().catch(() => {})
    throw error
  } finally {
    await batched.stop()
  }
}
