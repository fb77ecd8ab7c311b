import { isUploadError, offsetMismatch, UploadError, withExpiry } from '../model/error.ts'
import type { UploadInfo } from '../model/upload.ts'
import { findAgain, findAuthorized } from './find-authorized.ts'
import { assertOpen } from './shutdown.ts'
import type { AppendCommand, Caller } from './commands.ts'
import { withLease } from './with-lease.ts'
import { deactivate } from './deactivate.ts'
import { expiryOf } from './expiry.ts'
import { withFinalLength } from './final-length.ts'
import { lengthWith, overflow, roomIn, tooShort } from './length-limits.ts'
import type { Ports, Session } from './ports.ts'
import { receive } from './receive-body.ts'
import { assertNotRejected } from './rejection.ts'
import { settle } from './settle.ts'

/** Adds bytes at the end of an upload. Returns it with the offset reached. */
export async function append<Context>(
  ports: Ports<Context>,
  command: AppendCommand,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  assertOpen(ports)

  let known: UploadInfo | null = await findAuthorized(ports, 'append', command.id, caller)
  try {
    const found = known
    assertAppendable(ports, found, command)
    return await withLease(ports, command.id, caller, { ask: 'yield' }, async (session, waited) => {
      known = null
      known = await findAgain(session, 'append', found, waited)
      assertAppendable(ports, known, command)
      try {
        return await appendUnderLease(session, known, command)
      } catch (error) {
        // The bytes that arrived, or the end of the upload, have changed its expiry.
        known = await ports.store.find(command.id).catch(() => null)
        throw error
      }
    })
  } catch (error) {
    throw aboutUpload(error, known, ports)
  }
}

/** Adds the expiry of the upload to the error, so that a protocol can report it without a second look. */
function aboutUpload<Context>(
  error: unknown,
  known: UploadInfo | null,
  { limits }: Ports<Context>,
): unknown {
  const expiry = known === null ? null : expiryOf(limits, known)
  return expiry === null || !isUploadError(error) ? error : withExpiry(error, expiry)
}

async function appendUnderLease<Context>(
  session: Session<Context>,
  current: UploadInfo,
  command: AppendCommand,
): Promise<UploadInfo> {
  try {
    const upload = await withDeclaredLength(session, current, command)
    const grown = await receive(session, upload, command)
    const ready = await withFinalLength(session, grown, command)
    const settled = await settle(session, ready, command.completion)
    assertNotRejected(settled)
    return settled
  } catch (error) {
    if (isUploadError(error) && error.code === 'length_exceeded') {
      await deactivate(session, command.id)
    }
    throw error
  }
}

function assertAppendable<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  command: AppendCommand,
): void {
  if (upload.concatenation?.kind === 'final') {
    throw new UploadError('final_upload', 'a final upload is made of its parts and takes no bytes')
  }
  assertNotRejected(upload)
  if (upload.offset !== command.offset) {
    throw offsetMismatch(upload.offset, command.offset)
  }
  if (upload.outcome !== null && command.completion !== 'at_length') assertRepetition(command)
  const length = lengthWith(ports.capabilities, upload, command.length)
  const declared = length === upload.length ? upload : { ...upload, length }
  const room = roomIn(ports.capabilities, declared)
  assertWorthwhile(command, room)
  // Where the client decides, too much content ends the upload, and that is done under the lease.
  if (command.completion !== 'at_length' || command.body.length === null) return
  if (command.body.length > room) throw overflow(declared, room, command.completion)
}

/** Last, because a client learns more from what is wrong with the upload, the offset or the length. */
function assertWorthwhile({ body, completion }: AppendCommand, room: number): void {
  const { length, minLength = 0 } = body
  if (completion === 'with_body' || length === null || length > room) return
  if (length < minLength) throw tooShort(minLength)
}

/** A client that lost the final response repeats its last request, which has no content by then. */
function assertRepetition({ body, completion }: AppendCommand): void {
  if (completion === 'with_body' && body.length === 0) return
  throw new UploadError('upload_complete', 'the upload is complete and takes no more content')
}

async function withDeclaredLength<Context>(
  { ports, lease }: Session<Context>,
  upload: UploadInfo,
  command: AppendCommand,
): Promise<UploadInfo> {
  if (command.length === null || upload.length !== null) return upload
  await ports.store.declareLength?.(upload.id, command.length, lease.token)
  return { ...upload, length: command.length }
}
