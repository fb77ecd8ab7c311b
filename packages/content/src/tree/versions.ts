import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from './fs-errors.ts'
import type { ObjectRecord } from './object-record.ts'
import { parseRecord } from './object-record.ts'

/** A version of an object. The current one has the highest number. */
export interface Version {
  readonly number: number
  readonly record: ObjectRecord
}

/** The name of the record file in a version's directory. */
export const RECORD = 'record.json'

const READ_ATTEMPTS = 20

const UID = /^[\da-f]{8}-[\da-f-]{27}$/

/**
 * The directory of a version. The uid keeps objects apart: a version that was meant for an object that
 * has been removed since never appears in another object at the same path.
 */
export function versionDirectory(directory: string, uid: string, number: number): string {
  return join(directory, uid, String(number))
}

/**
 * Reads the current version of an object. Null when the directory holds none.
 *
 * It needs no lock: the directory of a version appears whole and is never changed afterwards. When the
 * current version is gone by the time it is read, a higher one exists.
 */
export async function currentVersion(directory: string): Promise<Version | null> {
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt += 1) {
    const uid = (await namesIn(directory)).find((name) => UID.test(name))
    if (uid === undefined) return null
    const number = Math.max(0, ...(await versionNumbers(join(directory, uid))))
    const text = await orNull(
      readFile(join(versionDirectory(directory, uid, number), RECORD), 'utf8'),
    )
    if (text !== null) return { number, record: parseRecord(text) }
  }
  throw new Error('an object changed too often to be read')
}

/** Removes the files of earlier versions that `current` does not refer to. */
export async function removeOldVersions(directory: string, current: Version): Promise<void> {
  const { uid, fields } = current.record
  const kept = new Set(fields.map(({ file }) => join(directory, file)))
  for (const number of await versionNumbers(join(directory, uid))) {
    // Later versions belong to other writers. They need no old file that `current` does not need.
    if (number >= current.number) continue
    const version = versionDirectory(directory, uid, number)
    for (const name of await namesIn(version)) {
      const file = join(version, name)
      if (!kept.has(file)) await rm(file, { force: true })
    }
    await rmdir(version).catch(() => undefined)
  }
}

async function versionNumbers(directory: string): Promise<number[]> {
  return (await namesIn(directory)).filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
}

async function namesIn(directory: string): Promise<string[]> {
  return (await orNull(readdir(directory))) ?? []
}
