import { describe, expect, it, vi } from 'vitest'
import { batches } from './batch-writer.ts'
import { PIECE } from '../client/keys.ts'

interface Writing {
  readonly start: number
  readonly bytes: Buffer
  done(error?: Error): void
}

/** Batches whose writes end on demand. */
function batched(start: number) {
  const writes: Writing[] = []
  const subject = batches(start, (bytes, at) => {
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => (error === undefined ? resolve() : reject(error))
      writes.push({ start: at, bytes, done })
    })
  })
  return { subject, writes, spans: () => writes.map((w) => [w.start, w.bytes.byteLength]) }
}

const bytes = (length: number): Buffer => Buffer.alloc(length, 1)

describe('batch writer', () => {
  it('the batch writer writes full pieces at once, and the rest later', async () => {
    const { subject, writes, spans } = batched(100)
    expect(subject.add(bytes(PIECE - 101))).toBeNull()
    expect(spans()).toEqual([])
    void subject.add(bytes(11))
    expect(spans()).toEqual([[100, PIECE - 100]])
    const flushed = subject.flush()
    writes[0]?.done()
    await expect.poll(spans).toEqual([
      [100, PIECE - 100],
      [PIECE, 10],
    ])
    writes[1]?.done()
    await flushed
  })

  it('the batch writer writes a part of a piece after a moment', async () => {
    const { subject, writes, spans } = batched(0)
    void subject.add(bytes(5))
    void subject.add(bytes(6))
    await expect.poll(spans).toEqual([[0, 11]])
    void subject.add(bytes(7))
    writes[0]?.done()
    await expect.poll(spans).toEqual([
      [0, 11],
      [11, 7],
    ])
    writes[1]?.done()
    await subject.flush()
  })

  it('the batch writer runs one write at a time, and applies back-pressure', async () => {
    const { subject, writes, spans } = batched(0)
    expect(subject.add(bytes(PIECE))).toBeNull()
    expect(subject.add(bytes(PIECE - 1))).toBeNull()
    const patience = subject.add(bytes(PIECE + 1))
    expect(patience).not.toBeNull()
    expect(spans()).toEqual([[0, PIECE]])
    writes[0]?.done()
    await expect.poll(spans).toEqual([
      [0, PIECE],
      [PIECE, 2 * PIECE],
    ])
    writes[1]?.done()
    await patience
  })

  it('the batch writer writes all bytes in their order', async () => {
    const { subject, writes } = batched(PIECE - 3)
    for (const text of ['ab', 'cd', 'ef']) void subject.add(Buffer.from(text))
    const flushed = subject.flush()
    await expect.poll(() => writes.length).toBe(1)
    writes[0]?.done()
    await expect.poll(() => writes.length).toBe(2)
    writes[1]?.done()
    await flushed
    expect(Buffer.concat(writes.map((write) => write.bytes)).toString()).toBe('abcdef')
  })

  it('the batch writer writes nothing after a failure, and rejects waiting calls', async () => {
    const unhandled = vi.fn()
    process.on('unhandledRejection', unhandled)
    const { subject, writes, spans } = batched(0)
    void subject.add(bytes(PIECE))
    void subject.add(bytes(5))
    writes[0]?.done(new Error('lost'))
    await expect(subject.flush()).rejects.toThrow('lost')
    expect(() => subject.add(bytes(5))).toThrow('lost')
    await subject.stop()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(spans()).toEqual([[0, PIECE]])
    expect(unhandled).not.toHaveBeenCalled()
    process.off('unhandledRejection', unhandled)
  })

  it('the batch writer writes nothing once it was stopped', async () => {
    const { subject, spans } = batched(0)
    void subject.add(bytes(5))
    await subject.stop()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(spans()).toEqual([])
  })
})
