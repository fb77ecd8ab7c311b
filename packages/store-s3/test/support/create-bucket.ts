import { hashes } from '../../src/client/hashes.ts'
import { signed } from '../../src/client/sign.ts'
import { CREDENTIALS } from './credentials.ts'

/** Makes the bucket `bucket`. */
export async function createBucket(endpoint: string): Promise<void> {
  const url = new URL('/bucket', endpoint)
  const scope = { credentials: CREDENTIALS, region: 'us-east-1', now: new Date() }
  const hash = await hashes.sha256(new Uint8Array(0))
  const headers = await signed({ method: 'PUT', url, headers: {} }, hash, scope)
  const { status } = await fetch(url, { method: 'PUT', headers })
  if (status !== 200) throw new Error(`the bucket could not be made: status ${status}`)
}
