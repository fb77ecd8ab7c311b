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
  /**
   * Called once, when the body turns out to take time: it has to wait for its client, or has a second
   * chunk. A small body that has arrived as a whole does neither, so nothing needs to be able to stop it.
   */
  readonly onTime?: () => void
}

/** A chunk that has arrived comes within so many microtasks. */
const AT_ONCE = 4

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
  let takesTime = false

  function noteTime(): void {
    if (takesTime) return
    takesTime = true
    options.onTime?.()
  }

  /** Notes that the body waits for its client, unless the chunk comes within a few microtasks. */
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
