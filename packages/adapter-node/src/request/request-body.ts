import type { IncomingMessage } from 'node:http'
import { isCutOff, streamOf } from '../server/http2.ts'

type Step = IteratorResult<Uint8Array>

/** Reads the body of one request. */
export interface BodyReader {
  next(): Promise<Step>
  /** Stops reading. The connection stays open; `drain.ts` discards the rest of the body. */
  return(): Promise<Step>
  /** True while received bytes may be unread. */
  isReading(): boolean
}

/** What a reader reports. */
export interface ReadingListener {
  /** All of the body was read, and Node has not reported its end yet. */
  onReceived(): void
  /** All bytes that arrived were yielded. */
  onDrained(): void
}

const DONE: Step = { done: true, value: undefined }

/** Bytes that may wait for a store that is slower than its client, before the client has to wait. */
const ROOM = 128 * 1024

/**
 * Reads a body chunk by chunk, without copying. Node's own iterator cannot be stopped while it waits for a
 * chunk, and it drops received bytes when the client disconnects. This reader yields those bytes first. Then
 * it reports this, and `next` rejects if the body was not complete.
 */
export function readBody(req: IncomingMessage, listener: ReadingListener): BodyReader {
  const stream = streamOf(req)
  const queue: Uint8Array[] = []
  let queued = 0
  let isWhole = false
  let state: 'untouched' | 'flowing' | 'over' | 'left' = 'untouched'
  let waiting: ((step: Step | Promise<Step>) => void) | null = null

  function onData(chunk: Uint8Array): void {
    if (waiting !== null) {
      answer({ done: false, value: chunk })
      return
    }
    queue.push(chunk)
    queued += chunk.byteLength
    if (queued >= ROOM) req.pause()
  }

  function onOver(): void {
    stopListening()
    state = 'over'
    // Bytes that Node buffered while the stream was paused can be read also after the connection is gone.
    takeRest()
    if (waiting !== null) answer(next())
  }

  function takeRest(): void {
    for (let chunk = readFrom(req); chunk !== null; chunk = readFrom(req)) queue.push(chunk)
  }

  function answer(step: Step | Promise<Step>): void {
    waiting?.(step)
    waiting = null
  }

  function listen(): void {
    state = 'flowing'
    req.on('data', onData).on('end', onOver).on('close', onOver).resume()
  }

  function stopListening(): void {
    req.off('data', onData).off('end', onOver).off('close', onOver)
  }

  /** A small body has arrived already, and can be read without a listener. */
  function begin(): Uint8Array | null {
    const chunk = readFrom(req)
    if (chunk !== null && stream === null && chunk.byteLength === announcedLength(req)) {
      // Node reports the end of the message later, and emits it only for a stream that flows.
      state = 'over'
      isWhole = true
      listener.onReceived()
      req.resume()
    } else if (req.complete || req.destroyed) {
      state = 'over'
      // From Node 26 on, one call returns one chunk, and not all buffered bytes.
      takeRest()
    } else listen()
    return chunk
  }

  function take(): Uint8Array | null {
    if (state === 'untouched') return begin()
    const chunk = queue.shift()
    if (chunk === undefined) return null
    const wasFull = queued >= ROOM
    queued -= chunk.byteLength
    if (wasFull && queued < ROOM && state === 'flowing') req.resume()
    return chunk
  }

  function next(): Promise<Step> {
    const chunk = take()
    if (chunk !== null) return Promise.resolve({ done: false, value: chunk })
    if (state === 'flowing') return new Promise((resolve) => (waiting = resolve))
    if (state === 'left') return Promise.resolve(DONE)
    listener.onDrained()
    const isReceived = stream === null ? isWhole || req.complete : !isCutOff(stream)
    return isReceived ? Promise.resolve(DONE) : Promise.reject(new Error('the client went away'))
  }

  return {
    next,
    return() {
      if (state === 'flowing') stopListening()
      state = 'left'
      queue.length = 0
      answer(DONE)
      return Promise.resolve(DONE)
    },
    isReading: () => state === 'flowing' || queue.length > 0,
  }
}

function announcedLength({ headers }: IncomingMessage): number | null {
  const length = headers['content-length']
  return length === undefined ? null : Number(length)
}

/** Node types it as `any`; without an encoding it is bytes. */
function readFrom(req: IncomingMessage): Uint8Array | null {
  return req.read() as Uint8Array | null
}
