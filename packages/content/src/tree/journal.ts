import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentPath } from '../paths/content-path.ts'
import { eachEntry } from './each-entry.ts'
import { orNull } from './fs-errors.ts'
import type { Disk } from './sync-files.ts'

/**
 * Remembers the last path at which an upload was about to appear. It is noted before each attempt, so
 * that a process that completes the upload again after a crash knows the one path to look at.
 */
export interface Journal {
  note(upload: string, path: ContentPath): Promise<void>
  find(upload: string): Promise<ContentPath | null>
  forget(upload: string): Promise<void>
  /** Forgets notes that are older than `age` milliseconds. */
  forgetOld(age: number): Promise<void>
}

/** A journal with one small file for each upload. */
export function journal(directory: string, { write }: Pick<Disk, 'write'>): Journal {
  // An upload's id may come from outside. Its digest is a safe file name.
  const fileOf = (upload: string): string =>
    join(directory, createHash('sha256').update(upload).digest('hex'))

  return {
    async note(upload, path) {
      // An operator may have removed the directory.
      await mkdir(directory, { recursive: true })
      await write(fileOf(upload), `${path}\n`)
    },
    async find(upload) {
      const text = await orNull(readFile(fileOf(upload), 'utf8'))
      // A note without its line end was being written when the process died: nothing followed it.
      return text?.endsWith('\n') === true ? text.slice(0, -1) : null
    },
    forget: (upload) => rm(fileOf(upload), { force: true }),
    forgetOld: (age) =>
      eachEntry(directory, async (file) => {
        const found = await orNull(stat(file))
        if (found !== null && found.mtimeMs + age < Date.now()) await rm(file, { force: true })
      }),
  }
}
