/**
 * Why a metered body ended; `running` while it has not.
 *
 * - `complete`: the client sent all of it
 * - `over_limit`: it was longer than allowed; the part within the limit went through
 * - `stopped`: `stop` ended it
 * - `lost`: the client went away
 */
export type BodyEnd = 'running' | 'complete' | 'over_limit' | 'stopped' | 'lost'

/** A request body on its way to a store: counted, capped, stoppable, and unable to throw. */
export interface MeteredBody extends AsyncIterable<Uint8Array> {
  /** Bytes let through so far. */
  readonly count: number
  readonly end: BodyEnd
  /** What `stop` was given; undefined unless `end` is `stopped`. */
  readonly reason: unknown
  /** Milliseconds that the store has been waiting for the client's next chunk; 0 while it is not. */
  idleFor(): number
  /** Ends the body, even while it waits for the next chunk. Does nothing once it has ended. */
  stop(reason: unknown): void
}

/** How a body is metered. */
export interface MeterOptions {
  /** Bytes to let through. The chunk that crosses the limit is cut, and the body ends there. */
  readonly limit: number
  /** Called with each chunk before the store sees it. */
  readonly onChunk?: (chunk: Uint8Array) => void
}

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }

/**
 * Wraps a body in one hand-written iterator. It wakes its own pending `next` when it is stopped:
 * racing every chunk against one long-lived promise would keep every chunk reachable until the end.
 */
export function meter(source: AsyncIterable<Uint8Array>, options: MeterOptions): MeteredBody {
  let count = 0
  let end: BodyEnd = 'running'
  let reason: unknown
  let waitingSince: number | null = null
  let chunks: AsyncIterator<Uint8Array> | null = null
  let wake: (() => void) | null = null

  function finish(how: BodyEnd): void {
    if (end !== 'running') return
    end = how
    wake?.()
  }

  function accept(chunk: Uint8Array): Uint8Array {
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
    return new Promise((resolve) => {
      wake = () => resolve(DONE)
      pulled.then(
        (result) => {
          wake = null
          waitingSince = null
          if (end !== 'running') return resolve(DONE)
          if (!result.done) return resolve({ done: false, value: accept(result.value) })
          finish('complete')
          resolve(DONE)
        },
        () => {
          finish('lost')
          resolve(DONE)
        },
      )
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
