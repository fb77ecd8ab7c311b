import type { HttpResponse } from '@tusker/core'

/** Converts a response of the core to one of the fetch API. */
export function toResponse(method: string, { status, headers, body }: HttpResponse): Response {
  const empty = body === undefined || method === 'HEAD' || status === 204 || status === 304
  const content = empty ? null : typeof body === 'string' ? body : streamOf(body)
  return new Response(content, { status, headers: { ...headers } })
}

/** A stream that reads a chunk only on request, and stops its source when it is cancelled. */
function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]()
  return new ReadableStream({
    async pull(controller) {
      const result = await chunks.next()
      if (result.done === true) controller.close()
      else controller.enqueue(result.value)
    },
    async cancel() {
      await chunks.return?.()
    },
  })
}
