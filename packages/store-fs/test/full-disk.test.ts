import type { UploadEvent } from '@tusker/core'
import { isUploadError } from '@tusker/core'
import { testHost } from '@tusker/testing'
import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fileLocker, fsStore } from '../src/index.ts'
import { uploadOf } from './support/uploads.ts'

/** A directory on a file system of its own, with few blocks and inodes. Null where that is impossible. */
async function smallDisk(): Promise<string | null> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-full-'))
  const options = 'size=512k,nr_inodes=40'
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', options, 'none', directory])
  onTestFinished(async () => {
    if (mounted.status === 0) execFileSync('umount', ['-l', directory])
    await rm(directory, { recursive: true, force: true })
  })
  return mounted.status === 0 ? directory : null
}

/** Uses every free inode and every free block. */
function fill(directory: string): void {
  const limits = [
    (index: number) => writeFileSync(join(directory, `inode-${index}`), ''),
    () => writeFileSync(join(directory, 'inode-0'), Buffer.alloc(4_096), { flag: 'a' }),
  ]
  for (const use of limits) {
    try {
      for (let index = 0; ; index += 1) use(index)
    } catch {
      // There is no more of it.
    }
  }
}

/** The codes of the errors that were reported, or their messages. */
function errorsOf(events: readonly UploadEvent[]): unknown[] {
  return events.flatMap((event) => {
    if (event.type !== 'failed') return []
    return [isUploadError(event.error) ? event.error.code : event.error]
  })
}

describe('a server whose disk is full', () => {
  for (const title of ['with a file locker', 'of one process'] as const) {
    it(`${title} refuses bytes for now, reports the cause, and still removes uploads`, async (test) => {
      const directory = await smallDisk()
      if (directory === null) return test.skip('only root may mount a small file system')
      const store = fsStore({ directory })
      const events: UploadEvent[] = []
      const host = testHost({
        store,
        ...(title === 'of one process' ? {} : { locker: fileLocker({ directory }) }),
        expireAfter: 100_000,
        onEvent: (event) => void events.push(event),
      })
      const ids = ['kept', 'removed', 'expired']
      for (const id of ids) {
        const createdAt = id === 'expired' ? new Date(0) : new Date()
        await store.create(uploadOf(id, { length: null, createdAt }))
      }
      fill(directory)

      const bytes = { 'content-type': 'application/offset+octet-stream', 'upload-offset': '0' }
      const refused = await host.send('PATCH /files/kept', bytes, 'x'.repeat(50_000))
      expect([refused.status, ...errorsOf(events)]).toEqual([503, 'unavailable'])
      expect(refused.headers['retry-after']).toBeDefined()
      expect((await host.send('HEAD /files/kept')).status).toBe(200)

      expect((await host.send('DELETE /files/removed')).status).toBe(204)
      expect(await host.server.sweep()).toMatchObject({ expired: 1 })
      const left = (await readdir(directory)).filter((name) => /removed|expired/.test(name))
      expect(left).toEqual([])
      await host.server.close()
    })
  }
})
