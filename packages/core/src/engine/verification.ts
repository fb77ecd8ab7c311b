import type { RunningChecksum, ChecksumProvider } from '../ports/checksums.ts'
import { UploadError } from '../model/error.ts'
import type { MeteredBody } from './metered-body.ts'
import type { AppendOptions, StoreWith, UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { ExpectedChecksum } from './commands.ts'
import type { Ports } from './ports.ts'

/** Computes the digest of a body as it passes. The bytes count only if the digest matches. */
export interface Verification {
  update(chunk: Uint8Array): void
  /** Like `append` of a store. If the digest does not match, it throws, and none of the bytes count. */
  append(upload: UploadInfo, body: MeteredBody, options: AppendOptions): Promise<number>
}

/**
 * Starts the digest that the client asks for. Refuses an algorithm that the server does not offer.
 *
 * @returns null if the client announces none, and the server offers none or the store cannot take bytes back
 */
export async function startVerification<Context>(
  { capabilities, checksums, store }: Ports<Context>,
  expected: ExpectedChecksum,
): Promise<Verification | null> {
  const offered = capabilities.checksums
  // The bytes of most chunked bodies have no checksum, so they count as they arrive.
  const canFollow = offered.length > 0 && store.revert !== undefined
  if (!expected.isAnnounced && !canFollow) return null
  const names = expected.algorithm === null ? offered : [expected.algorithm]
  if (checksums === null || !storeCan(store, 'appendVerified') || !names.every(isOffered)) {
    throw unsupported(offered)
  }
  const started = await startAll(checksums, names)

  function isOffered(name: string): boolean {
    return offered.includes(name)
  }

  async function isRight(): Promise<boolean> {
    const sent = await expected.read()
    if (sent === null) return !expected.isAnnounced
    const checksum = started.get(sent.algorithm)
    if (checksum === undefined) throw unsupported(offered)
    return equal(sent.digest, checksum.digest())
  }

  return {
    update(chunk) {
      for (const checksum of started.values()) checksum.update(chunk)
    },
    append(upload, body, options) {
      const work = { upload, body, options, isRight }
      return expected.isAnnounced ? appendVerified(store, work) : appendThenVerify(store, work)
    },
  }
}

/** A trailer names the algorithm only after the body, so the server then computes all of them. */
async function startAll(
  provider: ChecksumProvider,
  names: readonly string[],
): Promise<ReadonlyMap<string, RunningChecksum>> {
  const started = new Map<string, RunningChecksum>()
  for (const name of names) started.set(name, await provider.start(name))
  return started
}

interface Work {
  readonly upload: UploadInfo
  readonly body: MeteredBody
  readonly options: AppendOptions
  readonly isRight: () => Promise<boolean>
}

async function appendVerified(
  store: StoreWith<'appendVerified'>,
  { upload, body, options, isRight }: Work,
): Promise<number> {
  let wrong = false
  const verify = async (): Promise<boolean> => {
    // A body that was cut off has no trailer, and cannot be verified.
    if (body.end !== 'complete') return false
    wrong = !(await isRight())
    return !wrong
  }
  const offset = await store.appendVerified(upload.id, upload.offset, body, { ...options, verify })
  if (wrong) throw mismatch()
  return offset
}

/**
 * Commits the bytes as they arrive, and takes them back if a wrong checksum comes after them. Hardly any client
 * sends one, and the others must not lose their bytes when this process dies.
 */
async function appendThenVerify(
  store: Pick<UploadStore, 'append' | 'revert'>,
  { upload, body, options, isRight }: Work,
): Promise<number> {
  const offset = await store.append(upload.id, upload.offset, body, options)
  if (body.end !== 'complete') return offset
  let right = false
  try {
    right = await isRight()
  } finally {
    if (!right) await store.revert?.(upload.id, upload.offset, options.token)
  }
  if (!right) throw mismatch()
  return offset
}

function mismatch(): UploadError {
  return new UploadError(
    'checksum_mismatch',
    'the bytes do not match their checksum, send them again',
  )
}

function unsupported(offered: readonly string[]): UploadError {
  const names = offered.length === 0 ? 'none' : offered.join(', ')
  return new UploadError('unsupported_checksum', `the checksum algorithms offered are: ${names}`)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index])
}
