import type { IncomingMessage } from 'node:http'
import { isCutOff, streamOf } from '../server/http2.ts'

type Step = IteratorResult<Uint8Array>

/** Reads the body of one request. */
export interface BodyReader {
  next(): Promise<Step>
  /** Stops reading. The connection stays; what still comes is for somebody else to discard. */
  return(): Promise<Step>
  /** True while something that has come may be left to be read. */
  isReading(): boolean
}

const DONE: Step = { done: true, value: undefined }

/** Bytes that wait here for a store slower than its client, before the client has to wait. */
const ROOM = 128 * 1024

/**
 * Reads a body chunk by chunk, as it came, neither joined nor copied. Node's own iterator cannot be
 * left while it waits for a chunk, and forgets what has come but was not read yet when the client goes
 * away. This one gives that out first. Then it calls `onDrained`, and `next` rejects if that was not all.
 */
export function readBody(req: IncomingMessage, onDrained: () => void): BodyReader {
  const stream = streamOf(req)
  const queue: Uint8Array[] = []
  let queued = 0
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
    // What Node held back while we were paused can still be read, also when the connection is gone.
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

  /** A small body is here already, and can be had without listening. */
  function begin(): Uint8Array | null {
    const chunk = readFrom(req)
    if (req.complete || req.destroyed) {
      state = 'over'
      // From Node 26 on, one call gives one piece, and not all that is here.
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
    onDrained()
    const isWhole = stream === null ? req.complete : !isCutOff(stream)
    return isWhole ? Promise.resolve(DONE) : Promise.reject(new Error('the client went away'))
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

/** Typed `any` by Node; without an encoding set, it is bytes. */
function readFrom(req: IncomingMessage): Uint8Array | null {
  return req.read() as Uint8Array | null
}
