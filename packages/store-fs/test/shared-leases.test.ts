import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Lease } from '@tusker/core'
import { fileLocker } from '../src/index.ts'
import { startChild } from './support/child.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { uploadOf } from './support/uploads.ts'

const asking = (ask: 'yield' | 'stop') => ({ ask, signal: new AbortController().signal }) as const

describe('leases of a shared directory', () => {
  let opened: TempStore
  let processes: string
  beforeEach(async () => {
    opened = await openInTemp()
    processes = join(opened.directory, '~processes')
    await opened.store.create(uploadOf('u1'))
  })
  afterEach(() => opened.dispose())

  async function hold(milliseconds: number): Promise<Lease> {
    const locker = fileLocker({ directory: opened.directory, leaseTtl: 500 })
    return locker.withLease('u1', asking('yield'), async (lease) => {
      await sleep(milliseconds)
      const { token, lost, yieldRequest } = lease
      return { token, lost, yieldRequest: frozen(yieldRequest.isPending()) }
    })
  }

  const frozen = (isPending: boolean): Lease['yieldRequest'] => ({
    isPending: () => isPending,
    onPending: () => () => {},
  })

  /** The file of a process that asks for the lease of `u1`. */
  async function leaveRequest(name: string, ask: 'yield' | 'stop'): Promise<void> {
    await mkdir(processes, { recursive: true })
    const state = { holder: `elsewhere/pid:[1]/7/7#${name}`, beat: 1, asks: { u1: ask } }
    await writeFile(join(processes, name), `${JSON.stringify(state)}\n`)
  }

  it.each(['yield', 'stop'] as const)(
    'a request to %s of a process that died long ago is ignored',
    async (ask) => {
      await leaveRequest('dead', ask)
      await utimes(join(processes, 'dead'), 0, 0)
      const lease = await hold(500)
      expect([lease.yieldRequest.isPending(), lease.lost.aborted]).toEqual([false, false])
    },
  )

  it('a yield request of a process that just died is pending for no longer than the lease time', async () => {
    await leaveRequest('dead', 'yield')
    const lease = await hold(2_000)
    expect(lease.yieldRequest.isPending()).toBe(false)
  })

  it('a process that is killed while it waits leaves no yield request behind', {
    timeout: 120_000,
  }, async () => {
    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    await locker.withLease('u1', asking('yield'), async (lease) => {
      const child = startChild(opened.directory, 'u1', 'hold')
      await expect.poll(() => lease.yieldRequest.isPending(), { timeout: 60_000 }).toBe(true)
      await child.kill()
      await expect.poll(() => lease.yieldRequest.isPending(), { timeout: 15_000 }).toBe(false)
      expect(lease.lost.aborted).toBe(false)
    })
  })

  it('the sweep removes the file of a process that has been silent for an hour', async () => {
    await leaveRequest('dead', 'yield')
    await leaveRequest('alive', 'yield')
    await utimes(join(processes, 'dead'), 0, 0)
    for await (const id of opened.store.list()) expect(id).toBe('u1')
    expect(await readdir(processes)).toEqual(['alive'])
  })

  it('a thousand held leases cost less than a tenth of a core', { timeout: 60_000 }, async () => {
    const locker = fileLocker({ directory: opened.directory })
    let release = (): void => {}
    const released = new Promise<void>((resolve) => (release = resolve))
    const all: Promise<void>[] = []
    for (let index = 0; index < 1_000; index += 1) {
      await opened.store.create(uploadOf(`v${index}`))
      all.push(locker.withLease(`v${index}`, asking('yield'), () => released))
    }
    await sleep(1_000)
    // Other tests of this process may be at work in one second, but not in each.
    let least = Infinity
    for (let second = 0; second < 5 && least >= 100; second += 1) {
      const before = process.cpuUsage()
      await sleep(1_000)
      const { user, system } = process.cpuUsage(before)
      least = Math.min(least, (user + system) / 1_000)
    }
    release()
    await Promise.all(all)
    expect(least).toBeLessThan(100)
  })

  it('a record stays short however often its lease is taken', async () => {
    const locker = fileLocker({ directory: opened.directory })
    for (let round = 0; round < 300; round += 1) {
      await locker.withLease('u1', asking('yield'), () => Promise.resolve())
    }
    const { stat } = await import('node:fs/promises')
    expect((await stat(join(opened.directory, 'u1~record.jsonl'))).size).toBeLessThan(8_000)
  })
})
