import type { RunningChecksum, ChecksumProvider } from '../ports/checksums.ts'
import { UploadError } from '../model/error.ts'
import type { MeteredBody } from './metered-body.ts'
import type { AppendOptions, StoreWith } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'
import type { UploadInfo } from '../model/upload.ts'
import type { ExpectedChecksum } from './commands.ts'
import type { Ports } from './ports.ts'

/** Computes the digest of a body as it passes. The store commits the bytes only if the digest matches. */
export interface Verification {
  update(chunk: Uint8Array): void
  /** Like `append` of a store. If the digest does not match, it commits none of the bytes and throws. */
  append(upload: UploadInfo, body: MeteredBody, options: AppendOptions): Promise<number>
}

/** Starts the digest that the client asks for. Refuses an algorithm that the server does not offer. */
export async function startVerification<Context>(
  { capabilities, checksums, store }: Ports<Context>,
  expected: ExpectedChecksum,
): Promise<Verification> {
  const offered = capabilities.checksums
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
    if (sent === null) return false
    const checksum = started.get(sent.algorithm)
    if (checksum === undefined) throw unsupported(offered)
    return equal(sent.digest, checksum.digest())
  }

  return {
    update(chunk) {
      for (const checksum of started.values()) checksum.update(chunk)
    },
    append: (upload, body, options) => appendVerified(store, upload, body, options, isRight),
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

async function appendVerified(
  store: StoreWith<'appendVerified'>,
  upload: UploadInfo,
  body: MeteredBody,
  options: AppendOptions,
  isRight: () => Promise<boolean>,
): Promise<number> {
  let wrong = false
  const verify = async (): Promise<boolean> => {
    // A body that was cut off cannot be verified.
    if (body.end !== 'complete') return false
    wrong = !(await isRight())
    return !wrong
  }
  const offset = await store.appendVerified(upload.id, upload.offset, body, verify, options)
  if (wrong) {
    throw new UploadError(
      'checksum_mismatch',
      'the bytes do not match their checksum, send them again',
    )
  }
  return offset
}

function unsupported(offered: readonly string[]): UploadError {
  const names = offered.length === 0 ? 'none' : offered.join(', ')
  return new UploadError('unsupported_checksum', `the checksum algorithms offered are: ${names}`)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && a.every((byte, index) => byte === b[index])
}
