/** The body of a request. It can be discarded before its end. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Reads and discards the rest of a body that was read partly. */
  discardRest(): void
}

/** Milliseconds for which the rest of a body is discarded before the stream is cancelled. */
const PATIENCE = 2_000

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }

/**
 * Refuses a request whose body other code has read already, because its upload could never make progress.
 *
 * @throws Error that names the cause, for the error handling of the host
 */
export function assertUnread(request: Request): void {
  if (!request.bodyUsed) return
  throw new Error(
    'the body of this request was read before the upload server saw it: ' +
      'call the upload handler before anything that reads bodies',
  )
}

/**
 * Reads the body of a request chunk by chunk. If the iteration stops early, it does not cancel the stream,
 * because some hosts then close the connection before the response is sent. The host discards a body that
 * was not read at all.
 */
export function requestBody(request: Request): RequestBody {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let ended = false

  // Some hosts begin to read a body on access to `request.body`, so this accesses it only when needed.
  async function next(): Promise<IteratorResult<Uint8Array>> {
    if (ended) return DONE
    reader ??= request.body?.getReader() ?? null
    const result = await reader?.read()
    if (result?.done === false) return { done: false, value: result.value }
    ended = true
    return DONE
  }

  async function skipAll(): Promise<void> {
    while (!(await next()).done);
  }

  return {
    discardRest() {
      if (reader === null || ended) return
      // Not awaited, because the response is sent meanwhile. If the connection breaks, that is not an error.
      const timer = setTimeout(() => void reader?.cancel().catch(() => {}), PATIENCE)
      void skipAll()
        .catch(() => {})
        .finally(() => clearTimeout(timer))
    },
    [Symbol.asyncIterator]: () => ({
      next,
      return: () => Promise.resolve(DONE),
    }),
  }
}
