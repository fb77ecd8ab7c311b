/** The body of a request, and a way to let go of it in the middle. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Takes in what is left of a body that was begun and not read to its end. */
  discardRest(): void
}

/** Milliseconds for which a client may go on sending what nobody wants. */
const PATIENCE = 2_000

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }

/**
 * Refuses a request whose body somebody else has taken: its upload could never make progress.
 *
 * @throws Error that names the cause, for the host's own error handling
 */
export function assertUnread(request: Request): void {
  if (!request.bodyUsed) return
  throw new Error(
    'the body of this request was read before the upload server saw it: ' +
      'call the upload handler before anything that reads bodies',
  )
}

/**
 * Reads the body of a request chunk by chunk. Leaving early does not cancel the stream: on some hosts
 * that closes the connection before the response is out. A body that was never begun is the host's to
 * get rid of; it knows best how.
 */
export function requestBody(request: Request): RequestBody {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let ended = false

  // Some hosts begin to read a body when they are asked for its stream, so nobody asks before.
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
      // Not awaited: the response goes out meanwhile. A connection that breaks is nobody's error.
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
