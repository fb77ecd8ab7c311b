import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

const PIECE = 2 ** 20

/** Writes a file of random bytes and returns its SHA-256. */
export async function randomFile(path: string, length: number): Promise<string> {
  const hash = createHash('sha256')
  const file = await open(path, 'w')
  try {
    for (let left = length; left > 0; left -= PIECE) {
      const bytes = randomBytes(Math.min(PIECE, left))
      hash.update(bytes)
      await file.write(bytes)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

/** The SHA-256 of what a URL serves. */
export async function sha256OfUrl(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const response = await fetch(url, { headers })
  if (response.status !== 200 || response.body === null)
    throw new Error(`${url}: ${response.status}`)
  const hash = createHash('sha256')
  for await (const chunk of response.body) hash.update(chunk)
  return hash.digest('hex')
}
