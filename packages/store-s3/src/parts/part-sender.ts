import { isGone } from '../client/bucket.ts'
import type { Context } from '../context.ts'
import type { HeldUpload } from './held-upload.ts'
import type { TakenPart } from './next-part.ts'
import type { SentPart } from './sent-part.ts'

/** Sends several parts of one upload at the same time. */
export interface PartSender {
  /** The parts that the record does not name yet, in order. */
  readonly sent: readonly SentPart[]
  /** True while a part is being sent, or if it could not be sent. */
  isUnderWay(): boolean
  /** Begins to send a part under a number. */
  send(part: TakenPart, number: number): void
  /** Resolves once another part may be sent. Throws the error with which a part could not be sent. */
  freePlace(): Promise<void>
  /** Resolves once no part is being sent. Never rejects. */
  settled(): Promise<void>
  /** Forgets the first parts: the record names them now. */
  forget(count: number): void
  /** Keeps the first error of the writer. */
  fail(error: unknown): void
  hasFailed(): boolean
  /** Throws the first error of the writer. */
  assertWell(): void
}

export function partSender(
  { bucket, partsInFlight }: Pick<Context, 'bucket' | 'partsInFlight'>,
  held: HeldUpload,
): PartSender {
  let sent: readonly SentPart[] = []
  let failure: { readonly error: unknown } | null = null

  function fail(error: unknown): void {
    failure ??= { error }
  }

  function assertWell(): void {
    if (failure !== null) throw failure.error
  }

  function underWay(): readonly SentPart[] {
    return sent.filter(({ etag }) => etag === null)
  }

  async function upload(part: SentPart): Promise<void> {
    const { record, multipart } = held
    const target = { key: record.key, multipartId: multipart ?? '', number: part.number }
    const payload = part.buffer.payload(part.end - part.size, part.end)
    try {
      part.etag = await bucket.uploadPart(target, payload)
    } catch (error) {
      throw isGone(error) ? await held.reasonOfLoss(error) : error
    } finally {
      part.buffer.dispose()
    }
  }

  return {
    get sent() {
      return sent
    },

    isUnderWay: () => underWay().length > 0,

    send({ start, end, buffer, pieces }, number) {
      const part: SentPart = {
        number,
        end,
        size: end - start,
        buffer,
        pieces,
        etag: null,
        done: Promise.resolve(),
      }
      sent = [...sent, part]
      part.done = upload(part).catch(fail)
    },

    async freePlace() {
      for (;;) {
        assertWell()
        const waiting = underWay()
        if (waiting.length < partsInFlight) return
        await Promise.race(waiting.map(({ done }) => done))
      }
    },

    async settled() {
      await Promise.all(sent.map(({ done }) => done))
    },

    forget: (count) => void (sent = sent.slice(count)),
    fail,
    hasFailed: () => failure !== null,
    assertWell,
  }
}
