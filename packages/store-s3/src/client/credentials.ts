import type { S3Credentials } from './sign.ts'

/** Milliseconds before their expiration at which credentials are replaced. */
const EARLY = 60_000

/**
 * Keeps what `given` returns until it expires. Without credentials, those of AWS's usual environment
 * variables are used.
 */
export function credentialsFrom(
  given: S3Credentials | (() => Promise<S3Credentials>) | undefined,
): () => Promise<S3Credentials> {
  if (given === undefined) return async () => fromEnvironment()
  if (typeof given !== 'function') return async () => given
  let kept: Promise<S3Credentials> | null = null

  async function fresh(ask: () => Promise<S3Credentials>): Promise<S3Credentials> {
    kept = ask()
    try {
      return await kept
    } catch (error) {
      kept = null
      throw error
    }
  }

  return async () => {
    const current = await kept
    const isOver = current?.expiration && current.expiration.getTime() - EARLY < Date.now()
    return current === null || isOver ? fresh(given) : current
  }
}

function fromEnvironment(): S3Credentials {
  const env = environment()
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      'there are no S3 credentials: give `credentials`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    )
  }
  return { accessKeyId, secretAccessKey, sessionToken: env['AWS_SESSION_TOKEN'] }
}

/** The environment variables. Empty if the runtime has none. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return typeof process === 'object' ? process.env : {}
}
