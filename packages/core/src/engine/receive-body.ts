import type { UploadError } from '../model/error.ts'
import type { MeteredBody } from './metered-body.ts'
import { meter } from './metered-body.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull } from '../model/upload.ts'
import type { AppendCommand } from './commands.ts'
import { overflow, roomIn, tooLarge } from './length-limits.ts'
import type { Session } from './ports.ts'
import { reportProgress } from './progress.ts'
import { outcomeAtEnd } from './settle.ts'
import { startVerification } from './verification.ts'
import { clientGone, watch } from './stop-body.ts'

type ReceiveCommand = Pick<AppendCommand, 'body' | 'completion'>

/**
 * Receives a body and returns the upload after it. Throws if the body was too long, or if it ended too early.
 * The store keeps the bytes that arrived even then. With a checksum it keeps all of the bytes or none.
 */
export async function receive<Context>(
  { ports, lease, caller }: Session<Context>,
  upload: UploadInfo,
  { body: incoming, completion }: ReceiveCommand,
): Promise<UploadInfo> {
  const left = roomIn(ports.capabilities, upload)
  const room = Math.min(left, incoming.maxLength ?? left)
  const isTooMuch = (): UploadError =>
    room < left ? tooLarge(room) : overflow(upload, room, completion)
  if (incoming.length !== null && incoming.length > room) throw isTooMuch()
  if (incoming.length === 0 && incoming.checksum === null) return upload

  const verification =
    incoming.checksum === null ? null : await startVerification(ports, incoming.checksum)
  const followed = await ports.digests?.follow(upload)
  let unwatch = (): void => {}
  const body = meter(incoming.bytes, {
    limit: room,
    onTime() {
      unwatch = watch(body, {
        lease,
        closing: ports.closing,
        gone: caller.signal,
        limits: ports.limits,
      })
    },
    onChunk(chunk) {
      verification?.update(chunk)
      followed?.update(chunk)
    },
  })
  const progress = reportProgress(ports.emit, upload)
  const options = {
    token: lease.token,
    // A body of unknown length may be too long, or have a checksum after it.
    outcome: incoming.length === null ? null : outcomeAtEnd(ports, upload, completion),
    onProgress(offset: number) {
      progress.at(offset)
      incoming.onProgress?.(offset)
    },
  }
  try {
    const offset =
      verification === null
        ? await ports.store.append(upload.id, upload.offset, body, options)
        : await verification.append(upload, body, options)
    progress.last(offset)
    followed?.reached(offset)
    const grown = { ...upload, offset, updatedAt: new Date() }
    if (body.end === 'over_limit') throw isTooMuch()
    assertWhole(body, grown, { body: incoming, completion })
    return grown
  } finally {
    unwatch()
  }
}

/** Throws unless the whole body arrived, or, if the length completes the upload, all bytes of the upload. */
function assertWhole(
  body: MeteredBody,
  upload: UploadInfo,
  { body: incoming, completion }: ReceiveCommand,
): void {
  if (completion === 'at_length' ? isFull(upload) : body.count === incoming.length) return
  if (body.end === 'stopped') throw body.reason
  if (body.end === 'lost') throw clientGone()
  // The connection ended early, and the host reported that as the end of the body.
  if (completion === 'with_body' && incoming.length !== null) throw clientGone()
}
