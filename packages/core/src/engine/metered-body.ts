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
  return new Meter(source, options)
}

/**
 * A class, because V8 keeps an object with getters of its own, and all that they use, until the next full garbage
 * collection. The chunks of every request would have to wait for it.
 */
class Meter implements MeteredBody, AsyncIterator<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>
  readonly #options: MeterOptions
  #count = 0
  #end: BodyEnd = 'running'
  #reason: unknown
  #waitingSince: number | null = null
  #chunks: AsyncIterator<Uint8Array> | null = null
  /** Resolves the `next` that waits. */
  #wake: ((done: IteratorResult<Uint8Array>) => void) | null = null
  #takesTime = false

  constructor(source: AsyncIterable<Uint8Array>, options: MeterOptions) {
    this.#source = source
    this.#options = options
  }

  get count(): number {
    return this.#count
  }

  get end(): BodyEnd {
    return this.#end
  }

  get reason(): unknown {
    return this.#reason
  }

  idleFor(): number {
    return this.#waitingSince === null ? 0 : performance.now() - this.#waitingSince
  }

  stop(why: unknown): void {
    if (this.#end === 'running') this.#reason = why
    this.#finish('stopped')
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#end !== 'running') return Promise.resolve(DONE)
    this.#chunks ??= this.#source[Symbol.asyncIterator]()
    // The clock is not read for a chunk that is here at once.
    if (this.#takesTime) this.#waitingSince = performance.now()
    const pulled = this.#chunks.next()
    const pull = { isOver: false }
    return new Promise((resolve) => {
      this.#wake = resolve
      pulled.then(
        (result) => {
          pull.isOver = true
          this.#wake = null
          this.#waitingSince = null
          if (this.#end !== 'running') return resolve(DONE)
          if (!result.done) return resolve({ done: false, value: this.#accept(result.value) })
          this.#finish('complete')
          resolve(DONE)
        },
        () => {
          pull.isOver = true
          this.#finish('lost')
          resolve(DONE)
        },
      )
      this.#noteWaiting(pull, AT_ONCE)
    })
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#finish('stopped')
    return Promise.resolve(DONE)
  }

  #accept(chunk: Uint8Array): Uint8Array {
    if (this.#count > 0) this.#noteTime()
    const room = this.#options.limit - this.#count
    const accepted = chunk.byteLength > room ? chunk.subarray(0, room) : chunk
    this.#count += accepted.byteLength
    this.#options.onChunk?.(accepted)
    if (accepted !== chunk) this.#finish('over_limit')
    return accepted
  }

  #finish(how: BodyEnd): void {
    if (this.#end !== 'running') return
    this.#end = how
    this.#wake?.(DONE)
  }

  /** Records that the body waits for its client, unless the chunk arrives within a few microtasks. */
  #noteWaiting(pull: { isOver: boolean }, microtasks: number): void {
    if (pull.isOver || this.#takesTime) return
    if (microtasks > 0) {
      void Promise.resolve().then(() => this.#noteWaiting(pull, microtasks - 1))
      return
    }
    this.#waitingSince = performance.now()
    this.#noteTime()
  }

  #noteTime(): void {
    if (this.#takesTime) return
    this.#takesTime = true
    this.#options.onTime?.()
  }
}
