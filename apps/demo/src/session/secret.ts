import { systemCodeOf } from '@tusker/core'
import { randomBytes } from 'node:crypto'
import { open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const NAME = 'session-secret'
const BYTES = 32
/** Milliseconds for which a file that is too short may still be written by another process. */
const PATIENCE = 2_000
const PAUSE = 10

/**
 * The secret that signs sessions. It is created once for each data directory, so that every process
 * with this directory accepts the sessions of the others, also after a restart.
 *
 * @throws Error when the file exists but does not hold a secret
 */
export async function sessionSecret(dataDirectory: string): Promise<Buffer> {
  const path = join(dataDirectory, NAME)
  const secret = (await readSecret(path)) ?? (await makeSecret(path))
  if (secret.byteLength === BYTES) return secret
  throw new Error(`${path} is damaged: delete it, then all users have to sign in again`)
}

async function readSecret(path: string): Promise<Buffer | null> {
  try {
    return await readWhole(path)
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null
    throw error
  }
}

/** Only one process creates the file. The others wait until it has written it. */
async function makeSecret(path: string): Promise<Buffer> {
  try {
    await writeSecret(path)
  } catch (error) {
    if (systemCodeOf(error) !== 'EEXIST') throw error
  }
  return readWhole(path)
}

async function writeSecret(path: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(randomBytes(BYTES))
    await file.sync()
  } finally {
    await file.close()
  }
  // Not every system can sync a directory.
  const directory = await open(dirname(path)).catch(() => null)
  await directory?.sync().catch(() => undefined)
  await directory?.close()
}

async function readWhole(path: string): Promise<Buffer> {
  const end = performance.now() + PATIENCE
  for (;;) {
    const secret = await readFile(path)
    if (secret.byteLength >= BYTES || performance.now() > end) return secret
    await sleep(PAUSE)
  }
}
