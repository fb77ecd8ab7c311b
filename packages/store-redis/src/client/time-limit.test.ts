import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { timeLimit } from './time-limit.ts'

const never = (): Promise<never> => new Promise(() => {})

describe('time limit', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** Starts work that never ends, and returns how it ended so far. */
  function start(within: ReturnType<typeof timeLimit>) {
    const state = { error: null as string | null, signal: null as AbortSignal | null }
    void within((signal) => {
      state.signal = signal
      return never()
    }).catch((error: unknown) => (state.error = String(error)))
    return state
  }

  it('a time limit gives up no work early, and all work a twentieth part late at most', async () => {
    const within = timeLimit(1_000, () => new Error('late'))
    const first = start(within)
    await vi.advanceTimersByTimeAsync(49)
    const second = start(within)
    await vi.advanceTimersByTimeAsync(950)
    expect([first.error, second.error]).toEqual([null, null])
    await vi.advanceTimersByTimeAsync(51)
    expect([first.error, second.error]).toEqual(['Error: late', 'Error: late'])
    expect(second.signal?.aborted).toBe(true)
  })

  it('a time limit gives later work a signal of its own', async () => {
    const within = timeLimit(1_000, () => new Error('late'))
    const first = start(within)
    await vi.advanceTimersByTimeAsync(51)
    const second = start(within)
    expect(second.signal).not.toBe(first.signal)
    await vi.advanceTimersByTimeAsync(1_000)
    expect([first.error, second.error]).toEqual(['Error: late', null])
  })

  it('a time limit shares one signal, so that 100 commands at once make no warning', async () => {
    const warned = vi.fn()
    process.on('warning', warned)
    const within = timeLimit(1_000, () => new Error('late'))
    const all = Array.from({ length: 100 }, () => start(within))
    for (const { signal } of all) signal?.addEventListener('abort', () => {})
    await new Promise((resolve) => process.nextTick(resolve))
    process.off('warning', warned)
    expect(new Set(all.map(({ signal }) => signal)).size).toBe(1)
    expect(warned).not.toHaveBeenCalled()
  })

  it('a time limit passes results and errors on', async () => {
    const within = timeLimit(1_000, () => new Error('late'))
    expect(await within(() => Promise.resolve('done'))).toBe('done')
    await expect(within(() => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  })
})
