import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { leaseDirectory } from './lease-directory.ts'

describe('the directory of a lease', () => {
  let parent: string
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), 'tusker-lease-'))
  })
  afterEach(() => rm(parent, { recursive: true }))

  it('may go at any moment of a claim, and is gone when nobody wants it', {
    timeout: 60_000,
  }, async () => {
    const directory = join(parent, 'u1~lease')
    let holders = 0
    async function takeTurns(): Promise<number> {
      const files = leaseDirectory(directory)
      let turns = 0
      for (let attempt = 0; attempt < 2_000; attempt += 1) {
        const mark = await files.claim()
        if (mark === null) continue
        expect((holders += 1)).toBe(1)
        turns += 1
        holders -= 1
        await files.end(mark)
      }
      return turns
    }
    const turns = await Promise.all([takeTurns(), takeTurns(), takeTurns()])
    expect(Math.min(...turns)).toBeGreaterThan(0)
    expect(await readdir(parent)).toEqual([])
  })
})
