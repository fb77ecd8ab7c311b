import type { Payload } from '../client/port.ts'
import type { Memory } from './memory.ts'
import { SLAB } from './memory.ts'

/** Bytes of an upload from `start` up to `end`, in slabs. Positions are offsets in the upload. */
export interface PartBuffer {
  readonly start: number
  readonly end: number
  /** Bytes that fit without another slab. */
  room(): number
  addSlabs(slabs: readonly Uint8Array[]): void
  /** Copies bytes to the end. There has to be room. */
  write(bytes: Uint8Array): void
  /** Moves the end, where bytes are put by `fill` later. There has to be room. */
  skip(bytes: number): void
  /** Copies bytes to a position before the end. */
  fill(position: number, bytes: Uint8Array): void
  /** The bytes from one position up to another. They must not change until they were sent. */
  payload(from: number, to: number): Payload
  /** Forgets the bytes before a position, and gives back the slabs that hold nothing else. */
  dropBefore(position: number): void
  /** Gives everything back. */
  dispose(): void
}

export function partBuffer(memory: Memory, start: number): PartBuffer {
  let slabs: Uint8Array[] = []
  /** Where the first slab begins. */
  let base = start
  let from = start
  let end = start

  function* views(first: number, last: number): Generator<Uint8Array> {
    for (let at = first; at < last; ) {
      const within = (at - base) % SLAB
      const slab = slabs[Math.floor((at - base) / SLAB)]
      if (slab === undefined) throw new Error('the bytes are not in the buffer')
      const length = Math.min(SLAB - within, last - at)
      yield slab.subarray(within, within + length)
      at += length
    }
  }

  function fill(position: number, bytes: Uint8Array): void {
    let at = 0
    for (const view of views(position, position + bytes.byteLength)) {
      view.set(bytes.subarray(at, at + view.byteLength))
      at += view.byteLength
    }
  }

  return {
    get start() {
      return from
    },
    get end() {
      return end
    },
    room: () => base + slabs.length * SLAB - end,
    addSlabs: (more) => void slabs.push(...more),
    write(bytes) {
      fill(end, bytes)
      end += bytes.byteLength
    },
    skip: (bytes) => void (end += bytes),
    fill,
    payload: (first, last) => ({ length: last - first, chunks: [...views(first, last)] }),
    dropBefore(position) {
      from = Math.max(from, Math.min(position, end))
      const count = from === end ? slabs.length : Math.floor((from - base) / SLAB)
      if (count === 0) return
      memory.give(slabs.splice(0, count))
      base = from === end ? end : base + count * SLAB
    },
    dispose() {
      memory.give(slabs)
      slabs = []
      base = from = end
    },
  }
}
