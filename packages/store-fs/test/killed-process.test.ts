import { once } from 'node:events'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { random, rounds } from '../../testing/test/support/test-rounds.ts'
import { fileLocker } from '../src/index.ts'
import { startChild } from './support/child.ts'
import { bodyOf, uploadOf } from './support/uploads.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'

const YIELD = { ask: 'yield', signal: new AbortController().signal } as const

describe('a process that is killed', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
    await opened.store.create(uploadOf('u1', { length: null }))
  })
  afterEach(() => opened.dispose())

  it('a process that is killed during an append loses no offset that it reported', {
    timeout: 60_000 * (1 + rounds),
  }, async () => {
    let reported = 0
    for (let round = 0; round < 2 * rounds; round += 1) {
      const before = reported
      const child = startChild(opened.directory, 'u1')
      child.child.on('message', (message: Readonly<Record<string, number>>) => {
        reported = message['offset'] ?? reported
      })
      await expect.poll(() => reported).toBeGreaterThan(before)
      await sleep(random() * 500)
      await child.kill()

      const offset = (await opened.reopen().find('u1'))?.offset ?? 0
      expect(offset).toBeGreaterThanOrEqual(reported)
      let at = 0
      for await (const chunk of opened.store.read('u1', 0, offset)) {
        const expected = Uint8Array.from(chunk, (_, index) => (at + index) % 251)
        expect(Buffer.compare(chunk, expected)).toBe(0)
        at += chunk.byteLength
      }
      expect(at).toBe(offset)
    }
  })

  it('a process that is killed before the verification commits no byte', async () => {
    const child = startChild(opened.directory, 'u1', 'verify')
    await child.message()
    await expect
      .poll(async () => (await stat(join(opened.directory, 'u1')).catch(() => null))?.size ?? 0)
      .toBeGreaterThan(20_000)
    await child.kill()
    expect((await opened.reopen().find('u1'))?.offset).toBe(0)
  })

  it('a process that is killed loses its lease, and its token is fenced off', {
    timeout: 30_000,
  }, async () => {
    const child = startChild(opened.directory, 'u1', 'hold')
    const { token = 0 } = await child.message()
    await child.kill()

    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    const began = performance.now()
    const next = await locker.withLease('u1', YIELD, (lease) => Promise.resolve(lease.token))
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(next).toBeGreaterThan(token)
    await expect(opened.store.declareLength('u1', 1, token)).rejects.toThrow(
      'took this upload over',
    )
  })

  it('a process that is stopped and continues later changes no byte of the next holder', {
    timeout: 30_000,
  }, async () => {
    const child = startChild(opened.directory, 'u1')
    const { token = 0 } = await child.message()
    await child.message()
    child.child.kill('SIGSTOP')

    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    const start = await locker.withLease('u1', YIELD, async (lease) => {
      expect(lease.token).toBeGreaterThan(token)
      const { offset = 0 } = (await opened.store.find('u1')) ?? {}
      await opened.store.append('u1', offset, bodyOf(50, 100_000), { token: lease.token })
      return offset
    })
    const over = once(child.child, 'exit')
    child.child.kill('SIGCONT')
    await over

    let at = 0
    for await (const chunk of opened.store.read('u1', start, start + 5_000_000)) {
      for (const byte of chunk) if (byte !== Math.floor(at++ / 100_000)) throw new Error(`at ${at}`)
    }
    expect(at).toBe(5_000_000)
    expect(await opened.store.find('u1')).toMatchObject({ offset: start + 5_000_000 })
  })

  it('a living process keeps its lease for longer than the lease time', {
    timeout: 30_000,
  }, async () => {
    const child = startChild(opened.directory, 'u1', 'hold')
    await child.message()
    const locker = fileLocker({ directory: opened.directory, leaseTtl: 1_500 })
    const impatient = AbortSignal.timeout(4_000)
    const waiting = locker.withLease('u1', { ask: 'yield', signal: impatient }, () =>
      Promise.resolve(),
    )
    await expect(waiting).rejects.toThrow()
    await child.kill()
  })

  it('a removed upload and an idle locker leave no files behind', async () => {
    const locker = fileLocker({ directory: opened.directory })
    await locker.withLease('u1', YIELD, async ({ token }) => opened.store.remove('u1', token))
    const names = await readdir(opened.directory)
    expect(names.filter((name) => !name.startsWith('~'))).toEqual([])
    await expect
      .poll(() => readdir(join(opened.directory, '~processes')), { timeout: 15_000 })
      .toEqual([])
  })
})
