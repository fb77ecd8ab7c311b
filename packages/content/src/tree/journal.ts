import { createHash } from 'node:crypto'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ContentPath } from '../paths/content-path.ts'
import type { Disk } from './sync-files.ts'
import { orNull } from './fs-errors.ts'

/**
 * Remembers where an upload was last about to appear. Noted before each attempt, so that whoever
 * brings it a second time after a crash knows the one place where it may have appeared.
 */
export interface Journal {
  note(upload: string, path: ContentPath): Promise<void>
  find(upload: string): Promise<ContentPath | null>
  forget(upload: string): Promise<void>
  /** Forgets what is older than `age` milliseconds. */
  forgetOld(age: number): Promise<void>
}

/** A journal of one small file for each upload. */
export function journal(directory: string, { write }: Disk): Journal {
  // An upload's name comes from outside: as a digest it is a safe file name.
  const fileOf = (upload: string): string =>
    join(directory, createHash('sha256').update(upload).digest('hex'))

  return {
    note: (upload, path) => write(fileOf(upload), `${path}\n`),
    async find(upload) {
      const text = await orNull(readFile(fileOf(upload), 'utf8'))
      // A note without its end was being written when the process died: nothing followed it.
      return text?.endsWith('\n') === true ? text.slice(0, -1) : null
    },
    forget: (upload) => rm(fileOf(upload), { force: true }),
    async forgetOld(age) {
      for (const name of await readdir(directory)) {
        const file = join(directory, name)
        const found = await orNull(stat(file))
        if (found !== null && found.mtimeMs + age < Date.now()) await rm(file, { force: true })
      }
    },
  }
}
