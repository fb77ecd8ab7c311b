import { hashes } from '../../src/client/hashes.ts'
import { signed } from '../../src/client/sign.ts'
import { CREDENTIALS } from './credentials.ts'

/** Makes a bucket of the user `CREDENTIALS`. */
export async function createBucket(endpoint: string, name = 'bucket'): Promise<void> {
  const status = await put(new URL(`/${name}`, endpoint), '')
  if (status !== 200) throw new Error(`the bucket could not be made: status ${status}`)
}

/** Takes a right away in a bucket, from its owner as well. */
export async function deny(endpoint: string, name: string, action: string): Promise<void> {
  const statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: action,
    Resource: [`arn:aws:s3:::${name}`, `arn:aws:s3:::${name}/*`],
  }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const status = await put(new URL(`/${name}?policy`, endpoint), policy)
  if (status >= 300) throw new Error(`the policy was refused: status ${status}`)
}

async function put(url: URL, body: string): Promise<number> {
  const scope = { credentials: CREDENTIALS, region: 'us-east-1', now: new Date() }
  const hash = await hashes.sha256(new TextEncoder().encode(body))
  const headers = await signed({ method: 'PUT', url, headers: {} }, hash, scope)
  return (await fetch(url, { method: 'PUT', headers, ...(body && { body }) })).status
}
