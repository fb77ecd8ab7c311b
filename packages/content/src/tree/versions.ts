import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { orNull } from './fs-errors.ts'
import type { ObjectRecord } from './object-record.ts'

/** The state of an object: the record with the highest number. */
export interface Version {
  readonly number: number
  readonly record: ObjectRecord
}

/** The name of the record in the directory of a version. */
export const RECORD = 'record.json'

const READ_ATTEMPTS = 20

const UID = /^[\da-f]{8}-[\da-f-]{27}$/

/**
 * Where the versions of an object are, below its directory: apart by its uid, so that nothing meant
 * for an object that was removed meanwhile ends up in its successor at the same path.
 */
export function versionDirectory(directory: string, uid: string, number: number): string {
  return join(directory, uid, String(number))
}

/**
 * Reads the current version of an object. Null when the directory holds none.
 *
 * Versions are directories that come into being whole and are never changed, so this needs no lock:
 * the highest number is the current one, and if it is gone already, there is a higher one.
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

/** Removes what earlier versions held and `current` no longer refers to. */
export async function removeOldVersions(directory: string, current: Version): Promise<void> {
  const { uid, fields } = current.record
  const kept = new Set(fields.map(({ file }) => join(directory, file)))
  for (const number of await versionNumbers(join(directory, uid))) {
    // Later ones are somebody else's work, and refer to nothing old that `current` does not.
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

function parseRecord(text: string): ObjectRecord {
  // Nobody else writes these files, and they come into being whole.
  return JSON.parse(text) as ObjectRecord
}
