import type { ReopenableStore } from '@tusker/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FsStore, FsStoreOptions } from '../index.ts'
import { fsStore } from '../index.ts'

/** A store in a directory of its own that goes with it. */
export interface TempStore extends ReopenableStore {
  readonly directory: string
  readonly store: FsStore
  reopen(): FsStore
  dispose(): Promise<void>
}

export async function openInTemp(
  options: Omit<FsStoreOptions, 'directory'> = {},
): Promise<TempStore> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-store-fs-'))
  const reopen = (): FsStore => fsStore({ directory, ...options })
  return {
    ...{ directory, reopen, store: reopen() },
    dispose: () => rm(directory, { recursive: true, force: true }),
  }
}
