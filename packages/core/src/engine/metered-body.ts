/**
 * Why a metered body ended; `running` while it has not.
 *
 * - `complete`: the client sent the whole body
 * - `over_limit`: the body was longer than allowed; the bytes within the limit passed
 * - `stopped`: `stop` ended it
 * - `lost`: the client went away
 */
export type BodyEnd = 'running' | 'complete' | 'over_limit' | 'stopped' | 'lost'

/** A request body for a store. It counts and limits the bytes, can be stopped, and never throws. */
export interface MeteredBody extends AsyncIterable<Uint8Array> {
  /** The number of bytes that have passed. */
  readonly count: number
  readonly end: BodyEnd
  /** The argument of `stop`; undefined unless `end` is `stopped`. */
  readonly reason: unknown
  /** Milliseconds for which the store has waited for the client's next chunk; 0 if it does not wait. */
  idleFor(): number
  /** Ends the body, even while it waits for the next chunk. Does nothing once it has ended. */
  stop(reason: unknown): void
}

/** How a body is metered. */
export interface MeterOptions {
  /** The most bytes that may pass. The chunk that crosses the limit is cut, and the body ends there. */
  readonly limit: number
  /** Called with each chunk before the store sees it. */
  readonly onChunk?: (chunk: Uint8Array) => void
  /**
   * Called once when the body waits for its client, or when it has a second chunk. A small body that has
   * arrived already does neither, so the caller need not watch it.
   */
  readonly onTime?: () => void
}

/** A chunk that has arrived is delivered within this number of microtasks. */
const AT_ONCE = 4

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }

/**
 * Wraps a body in a hand-written iterator that resolves its own pending `next` when it is stopped. A
 * `Promise.race` of each chunk with one long-lived promise would keep every chunk in memory until the end.
 */
export function meter(source: AsyncIterable<Uint8Array>, options: MeterOptions): MeteredBody {
  let count = 0
  let end: BodyEnd = 'running'
  let reason: unknown
  let waitingSince: number | null = null
  let chunks: AsyncIterator<Uint8Array> | null = null
  let wake: (() => void) | null = null
  let takesTime = false

  function noteTime(): void {
    if (takesTime) return
    takesTime = true
    options.onTime?.()
  }

  /** Records that the body waits for its client, unless the chunk arrives within a few microtasks. */
  function noteWaiting(pull: { isOver: boolean }, microtasks: number): void {
    if (pull.isOver || takesTime) return
    if (microtasks === 0) noteTime()
    else void Promise.resolve().then(() => noteWaiting(pull, microtasks - 1))
  }

  function finish(how: BodyEnd): void {
    if (end !== 'running') return
    end = how
    wake?.()
  }

  function accept(chunk: Uint8Array): Uint8Array {
    if (count > 0) noteTime()
    const room = options.limit - count
    const accepted = chunk.byteLength > room ? chunk.subarray(0, room) : chunk
    count += accepted.byteLength
    options.onChunk?.(accepted)
    if (accepted !== chunk) finish('over_limit')
    return accepted
  }

  function next(): Promise<IteratorResult<Uint8Array>> {
    if (end !== 'running') return Promise.resolve(DONE)
    chunks ??= source[Symbol.asyncIterator]()
    waitingSince = performance.now()
    const pulled = chunks.next()
    const pull = { isOver: false }
    return new Promise((resolve) => {
      wake = () => resolve(DONE)
      pulled.then(
        (result) => {
          pull.isOver = true
          wake = null
          waitingSince = null
          if (end !== 'running') return resolve(DONE)
          if (!result.done) return resolve({ done: false, value: accept(result.value) })
          finish('complete')
          resolve(DONE)
        },
        () => {
          pull.isOver = true
          finish('lost')
          resolve(DONE)
        },
      )
      noteWaiting(pull, AT_ONCE)
    })
  }

  return {
    get count() {
      return count
    },
    get end() {
      return end
    },
    get reason() {
      return reason
    },
    idleFor: () => (waitingSince === null ? 0 : performance.now() - waitingSince),
    stop(why) {
      if (end === 'running') reason = why
      finish('stopped')
    },
    [Symbol.asyncIterator]: () => ({
      next,
      return() {
        finish('stopped')
        return Promise.resolve(DONE)
      },
    }),
  }
}
