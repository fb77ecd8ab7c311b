import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fsStore } from '../src/index.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { runLimited } from './support/run-limited.ts'
import { ALONE, bodyOf, pieces, uploadOf } from './support/uploads.ts'

describe('fsStore with a failing disk', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
  })
  afterEach(() => opened.dispose())

  const expectNumbered = async (offset: number): Promise<void> => {
    let at = 0
    for await (const chunk of opened.store.read('u1', 0, offset)) {
      for (const byte of chunk) expect(byte).toBe(Math.floor(at++ / 10_000))
    }
    expect(at).toBe(offset)
  }

  it('fsStore works with a directory that does not exist or was removed', async () => {
    const directory = join(opened.directory, 'a', 'b')
    const store = fsStore({ directory })
    for (let round = 0; round < 2; round += 1) {
      expect(await store.find('u1')).toBeNull()
      await store.remove('u1', null)
      for await (const id of store.list()) throw new Error(`found ${id}`)
      await store.create(uploadOf('u1'))
      expect(await store.append('u1', 0, pieces('hello'), ALONE)).toBe(5)
      await rm(directory, { recursive: true })
    }
  })

  it('fsStore commits the bytes that were written before a write failed', async () => {
    await opened.store.create(uploadOf('u1', { length: 200_000 }))
    const printed = runLimited(
      '-f 100', // of 1024 bytes
      opened.directory,
      `
        process.on('SIGXFSZ', () => {})
        async function* body() { for (let i = 0; i < 20; i += 1) yield Buffer.alloc(10_000, i) }
        const error = await store.append('u1', 0, body(), { token: null }).catch((error) => error)
        console.log(error.code)
      `,
    )
    expect(printed).toBe('EFBIG')
    expect(await opened.store.find('u1')).toMatchObject({ offset: 100 * 1024 })
    await expectNumbered(100 * 1024)
  })

  it('fsStore ends a slow append as soon as a write has failed', async () => {
    await opened.store.create(uploadOf('u1', { length: null }))
    const printed = runLimited(
      '-f 100', // of 1024 bytes
      opened.directory,
      `
        process.on('SIGXFSZ', () => {})
        let count = 0
        async function* body() {
          for (; count < 100; count += 1) {
            yield Buffer.alloc(10_000)
            // Commits the arrived bytes, as the timer does after a second.
            await store.find('u1')
          }
        }
        const error = await store.append('u1', 0, body(), { token: null }).catch((error) => error)
        console.log(error.code, count)
      `,
    )
    expect(printed).toBe('EFBIG 11')
  })

  it('fsStore keeps the bytes that fit on a full disk, and continues when space is free again', async ({
    skip,
  }) => {
    const directory = await mkdtemp(join(tmpdir(), 'tusker-full-'))
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', directory])
    if (mounted.status !== 0) return skip('only root may mount a small file system')
    try {
      const store = fsStore({ directory })
      await writeFile(join(directory, 'ballast'), Buffer.alloc(100_000))
      await store.create(uploadOf('u1', { length: null }))
      const full = store.append('u1', 0, bodyOf(20, 10_000), ALONE)
      await expect(full).rejects.toMatchObject({ code: 'unavailable' })
      await expect(store.create(uploadOf('u2'))).rejects.toMatchObject({ code: 'unavailable' })

      const { offset = 0 } = (await store.find('u1')) ?? {}
      expect(offset).toBeGreaterThan(100_000)
      expect((await stat(join(directory, 'u1'))).size).toBe(offset)
      await rm(join(directory, 'ballast'))
      expect(await store.append('u1', offset, pieces('more'), ALONE)).toBe(offset + 4)
      expect(await store.find('u2')).toBeNull()
      expect(await store.create(uploadOf('u2'))).toBe(true)
    } finally {
      execFileSync('umount', [directory])
      await rm(directory, { recursive: true })
    }
  })

  it('fsStore fails while the process can open no more files, and works afterwards', async () => {
    await opened.store.create(uploadOf('u1', { length: null }))
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
    const printed = runLimited(
      '-n 80',
      opened.directory,
      `
        import { closeSync, openSync } from 'node:fs'
        async function* body() { yield Buffer.from('world') }
        const first = await store.find('u1')
        const open = []
        try { for (;;) open.push(openSync('/dev/null')) } catch {}
        console.log(await store.find('u1').catch((error) => error.code))
        console.log(await store.append('u1', 5, body(), { token: null }).catch((error) => error.code))
        console.log(await store.create({ ...first, id: 'u2' }).catch((error) => error.code))
        open.forEach((file) => closeSync(file))
        console.log(await store.create({ ...first, id: 'u2' }))
        console.log(await store.append('u1', 5, body(), { token: null }))
      `,
    )
    expect(printed.split('\n')).toEqual(['EMFILE', 'EMFILE', 'EMFILE', 'true', '10'])
    expect(await opened.store.find('u1')).toMatchObject({ offset: 10 })
  })

  it('fsStore.concatenate opens one part at a time', async () => {
    for (let index = 0; index < 200; index += 1) {
      await opened.store.create(uploadOf(`p${index}`, { length: 1 }))
      await opened.store.append(`p${index}`, 0, pieces('x'), ALONE)
    }
    await opened.store.create(uploadOf('whole', { length: 200 }))
    const printed = runLimited(
      '-n 80',
      opened.directory,
      `
        const parts = Array.from({ length: 200 }, (_, index) => 'p' + index)
        console.log(await store.concatenate('whole', parts, null))
      `,
    )
    expect(printed).toBe('200')
  })

  it('fsStore leaves no file open after hundreds of interrupted appends', async () => {
    const open = async (): Promise<number> => (await readdir('/proc/self/fd')).length
    await opened.store.create(uploadOf('u0', { length: null }))
    await opened.store.append('u0', 0, pieces('x'), ALONE)
    const before = await open()
    for (let index = 1; index <= 500; index += 1) {
      const id = `u${index}`
      await opened.store.create(uploadOf(id, { length: null }))
      const wrong = (): Promise<boolean> => Promise.reject(new Error('cut off'))
      await opened.store
        .appendVerified(id, 0, pieces('x'), { ...ALONE, verify: wrong })
        .catch(() => {})
      await opened.store.append(id, 0, pieces('x'), ALONE)
      for await (const _ of opened.store.read(id, 0, 1)) break
    }
    expect(await open()).toBeLessThanOrEqual(before + 2)
  })

  it('fsStore closes its file and commits the arrived bytes when a body throws', async () => {
    await opened.store.create(uploadOf('u1', { length: null }))
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield* bodyOf(10, 100_000)
      throw new Error('broken')
    }
    const before = (await readdir('/proc/self/fd')).length
    await expect(opened.store.append('u1', 0, broken(), ALONE)).rejects.toThrow('broken')
    expect((await readdir('/proc/self/fd')).length).toBe(before)
    expect(await opened.store.find('u1')).toMatchObject({ offset: 1_000_000 })
  })
})
