import { randomBytes } from 'node:crypto'
import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const NAME = 'session-secret'
const BYTES = 32

/**
 * The secret under which sessions are signed: made once for a data directory, so that every process
 * over it, and those after a restart, take the sessions of the others.
 *
 * @throws Error when the file is there and is no secret
 */
export async function sessionSecret(dataDirectory: string): Promise<Buffer> {
  const path = join(dataDirectory, NAME)
  const secret = (await readSecret(path)) ?? (await makeSecret(path))
  if (secret.byteLength === BYTES) return secret
  throw new Error(`${path} is damaged: remove it, and everybody has to sign in again`)
}

async function readSecret(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path)
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null
    throw error
  }
}

/** Written elsewhere first: another process must not read half of it, nor put its own in its place. */
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
