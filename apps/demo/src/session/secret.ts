import { randomBytes } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = 'session-secret'
const BYTES = 32

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
    return await readFile(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Writes a temporary file first, so that another process neither reads half of it nor overwrites it. */
async function makeSecret(path: string): Promise<Buffer> {
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  await writeFile(draft, randomBytes(BYTES), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  return readFile(path)
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
