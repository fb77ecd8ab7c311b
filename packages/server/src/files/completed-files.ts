import type { WithMetadata, UploadMetadata, UploadInfo } from '@tusker/core'
import { isUploadId } from '@tusker/core'
import type { FsStore } from '@tusker/store-fs'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { appear, isCode } from './link-exclusive.ts'
import { fileNameFor, nameIn, variantsOf } from './file-name.ts'

/** The directory in which completed uploads appear under their own names. */
export interface CompletedFiles {
  /** Makes an upload appear, and tells its name. A second time for the same upload changes nothing. */
  add(upload: UploadInfo & WithMetadata<UploadMetadata>): Promise<string>
  /** Called once it is recorded that an upload is complete, and will not be added again. */
  forget(id: string): Promise<void>
  /** Forgets what a process that died could not. */
  tidy(): Promise<void>
}

/**
 * Files of completed uploads, which nobody ever sees half and which take the place of no other. They
 * share the bytes of the uploads, where the file system can.
 *
 * An upload is staged first, in a hidden directory, until it is recorded as complete: if the process
 * dies before that, the next attempt finds by it which file is its own.
 */
export function completedFiles(store: FsStore, directory: string): CompletedFiles {
  const staging = join(directory, '.tusker')
  const stagedFor = (id: string): string => join(staging, id)

  async function stage(id: string): Promise<string> {
    const staged = stagedFor(id)
    if (await isThere(staged)) return staged
    await mkdir(staging, { recursive: true })
    await store.exportTo(id, staged)
    return staged
  }

  async function forget(id: string): Promise<void> {
    await rm(stagedFor(id), { force: true })
  }

  return {
    async add({ id, parsedMetadata }) {
      const staged = await stage(id)
      for (const name of variantsOf(fileNameFor(nameIn(parsedMetadata), id))) {
        if (await appear(staged, join(directory, name))) return name
      }
      throw new Error('no name was free')
    },
    forget,
    async tidy() {
      for (const id of await namesIn(staging)) {
        if (!isUploadId(id)) continue
        const upload = await store.find(id)
        if (upload === null || upload.outcome !== null) await forget(id)
      }
    },
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if (isCode(error, 'ENOENT')) return false
    throw error
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return []
    throw error
  }
}
