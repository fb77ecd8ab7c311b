import type { IncomingMessage } from 'node:http'
import { constants } from 'node:http2'
import { streamOf } from './http2.ts'

/** The body of a request, and a way to let go of it in the middle. */
export interface RequestBody extends AsyncIterable<Uint8Array> {
  /** Stops reading, so that the rest can be discarded. */
  release(): void
}

const DONE: IteratorResult<Uint8Array> = { done: true, value: undefined }
const EVENTS = ['readable', 'end', 'error', 'close'] as const

/**
 * Reads a request's body chunk by chunk. Node's own iterator cannot be left while it waits for a chunk:
 * its listener stays, and what the client goes on sending then blocks the connection.
 */
export function requestBody(req: IncomingMessage, beforeFirst: () => void): RequestBody {
  let begun = false
  let wake: (() => void) | null = null
  const stream = streamOf(req)
  const onEvent = (): void => wake?.()

  // Over HTTP/2 a request that is cut off ends as if it were whole.
  const isCutOff = (): boolean =>
    stream === null
      ? req.destroyed && !req.readableEnded
      : stream.aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR

  function begin(): void {
    if (begun) return
    begun = true
    for (const event of EVENTS) req.on(event, onEvent)
    beforeFirst()
  }

  function release(): void {
    for (const event of EVENTS) req.off(event, onEvent)
    // A connection that breaks while the rest is discarded is nobody's error.
    req.on('error', () => {})
  }

  async function next(): Promise<IteratorResult<Uint8Array>> {
    begin()
    for (;;) {
      const chunk = req.read() as Buffer | null
      if (chunk !== null) return { done: false, value: chunk }
      if (isCutOff()) throw new Error('the client went away')
      if (req.readableEnded) return DONE
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    release,
    [Symbol.asyncIterator]: () => ({
      next,
      return() {
        release()
        return Promise.resolve(DONE)
      },
    }),
  }
}
