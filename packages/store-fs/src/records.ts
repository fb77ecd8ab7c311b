import type { NewUpload } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { link, mkdir, readFile, stat, unlink } from 'node:fs/promises'
import type { Durability } from './disk.ts'
import { isCode, orAbsent, replaceFile, syncDirectory, withFile, writeBeside } from './disk.ts'
import type { Layout } from './layout.ts'
import type { UploadRecord } from './record.ts'
import { formatRecord, parseRecord } from './record.ts'

/** The records of a directory. The offset of an upload is what its record says, and nothing else. */
export interface Records {
  /** False when there is one already. */
  create(upload: NewUpload): Promise<boolean>
  /** Throws `UploadError` `damaged` when it cannot be trusted. */
  find(id: string): Promise<UploadRecord | null>
  /** Changes a record, in one step, for the holder of a lease. */
  change(id: string, token: number | null, changes: Partial<UploadRecord>): Promise<UploadRecord>
}

export function fileRecords(layout: Layout, durability: Durability): Records {
  async function find(id: string): Promise<UploadRecord | null> {
    const text = await orAbsent(readFile(layout.record(id), 'utf8'))
    if (text === null) return null
    const record = parseRecord(text)
    // On a file system that ignores case, another upload's record answers to this name.
    return record.id === id ? record : null
  }

  return {
    find,

    async create(upload) {
      await mkdir(layout.directory, { recursive: true })
      const state = { offset: 0, touchedAt: upload.createdAt, outcome: null, token: 0 }
      const content = formatRecord({ ...upload, ...state })
      return createFile(layout.record(upload.id), content, durability)
    },

    async change(id, token, changes) {
      const record = await find(id)
      if (record === null) throw new UploadError('not_found', 'the upload was removed')
      if (token !== null && token < record.token) {
        throw new UploadError('interrupted', 'another request took this upload over')
      }
      const changed = { ...record, ...changes, token: token ?? record.token }
      await replaceFile(layout.record(id), formatRecord(changed), durability)
      return changed
    },
  }
}

/** Makes a file with its whole content at once, unless there is one: a crash leaves all of it or none. */
async function createFile(path: string, content: string, durability: Durability): Promise<boolean> {
  const temporary = await writeBeside(path, content, durability)
  try {
    await link(temporary, path)
    if (durability === 'power-loss') await syncDirectory(path)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    // Some file systems have no links. There a crash in the middle leaves a damaged record.
    if (isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'))
      return await writeNew(path, content)
    throw error
  } finally {
    await unlink(temporary)
  }
}

async function writeNew(path: string, content: string): Promise<boolean> {
  try {
    await withFile(path, 'wx', (file) => file.writeFile(content))
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Refuses an upload whose file lacks bytes that its record counts. */
export async function assertHeld(layout: Layout, record: UploadRecord): Promise<void> {
  if (record.offset === 0) return
  const file = await orAbsent(stat(layout.data(record.id)))
  if (file !== null && file.size >= record.offset) return
  throw new UploadError('damaged', 'bytes of the upload are missing, create it anew')
}
