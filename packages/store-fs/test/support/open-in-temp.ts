import type { ReopenableStore } from '@tusker/testing'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FsStore, FsStoreOptions } from '../../src/index.ts'
import { fsStore } from '../../src/index.ts'
import { parseRecord } from '../../src/records/record-format.ts'

/** A store in a temporary directory, which `dispose` removes. */
export interface TempStore extends ReopenableStore {
  readonly directory: string
  readonly store: FsStore
  /** The name of an upload's data file, as its record says. */
  dataFile(id: string): Promise<string>
  reopen(): FsStore
  dispose(): Promise<void>
}

export async function openInTemp(
  options: Omit<FsStoreOptions, 'directory'> = {},
): Promise<TempStore> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-store-fs-'))
  const reopen = (): FsStore => fsStore({ directory, ...options })
  return {
    directory,
    reopen,
    store: reopen(),
    async dataFile(id) {
      const record = parseRecord(await readFile(join(directory, `${id}~record.jsonl`), 'latin1'))
      return record?.data == null ? id : `${id}~data-${record.data}`
    },
    // A locker may still write the file of its process, so the directory may get a new name meanwhile.
    dispose: () => rm(directory, { recursive: true, force: true, maxRetries: 10 }),
  }
}
