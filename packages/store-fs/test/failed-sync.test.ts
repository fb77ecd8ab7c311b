import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { ALONE, pieces, textOf, uploadOf } from './support/uploads.ts'

const sync = vi.hoisted(() => ({ failures: 0 }))

// A test cannot get a disk that reports an error, so this one call is replaced.
vi.mock('../src/files/disk.ts', async (original) => {
  const disk = await original<typeof import('../src/files/disk.ts')>()
  return {
    ...disk,
    async syncContent(file: number) {
      if (sync.failures > 0) {
        sync.failures -= 1
        throw Object.assign(new Error('EIO: i/o error, fdatasync'), { code: 'EIO' })
      }
      await disk.syncContent(file)
    },
  }
})

describe('an append with a failed sync', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp({ durability: 'power-loss' })
    await opened.store.create(uploadOf('u1', { length: null }))
    await opened.store.append('u1', 0, pieces('hello'), ALONE)
  })
  afterEach(async () => {
    sync.failures = 0
    await opened.dispose()
  })

  it.each([null, 3])(
    'an append under the token %s with a failed sync fails and commits no byte',
    async (token) => {
      sync.failures = 1
      const failed = opened.store.append('u1', 5, pieces(' world'), { token })
      await expect(failed).rejects.toMatchObject({ code: 'EIO' })
      expect(await opened.store.find('u1')).toMatchObject({ offset: 5 })
      expect(await opened.reopen().find('u1')).toMatchObject({ offset: 5 })

      await opened.store.append('u1', 5, pieces(' again'), { token })
      expect(await textOf(opened.store, 'u1')).toBe('hello again')
      // The system treats the bytes of the old file as written, even if the disk lacks them.
      expect(await opened.dataFile('u1')).not.toBe('u1')
    },
  )

  it('an append with a failed sync does not commit its bytes by a later sync', async () => {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(' world')
      sync.failures = 1
      // `find` commits the arrived bytes. That fails here, and `find` does not report it.
      await opened.store.find('u1')
      yield Buffer.from('!')
    }
    const failed = opened.store.append('u1', 5, body(), ALONE)
    await expect(failed).rejects.toMatchObject({ code: 'EIO' })
    expect(await opened.reopen().find('u1')).toMatchObject({ offset: 5 })
  })
})
