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
 * The body of a request, chunk by chunk. Leaving early does not cancel the stream: on some hosts that
 * closes the connection before the response is out.
 */
export async function* chunksOf(request: Request): AsyncGenerator<Uint8Array, void> {
  if (request.body === null) return
  const reader = request.body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.releaseLock()
  }
}
