import type { Lease } from '../ports/locker.ts'
import type { MeteredBody } from './metered-body.ts'
import { meter } from './metered-body.ts'
import type { UploadInfo } from '../model/upload.ts'
import { isFull } from '../model/upload.ts'
import type { Caller, Incoming } from './commands.ts'
import { roomIn, tooLarge } from './length-limits.ts'
import type { Ports } from './ports.ts'
import { reportProgress } from './progress.ts'
import { startVerification } from './verification.ts'
import { clientGone, watch } from './stop-body.ts'

/**
 * Takes in a body and returns the upload with what came of it. What arrived is kept, also when this
 * then throws because the body was too long or was ended before the upload was whole. Of bytes that
 * come with a checksum, all are kept or none.
 */
export async function receive<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  incoming: Incoming,
  lease: Lease,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  const room = roomIn(ports.capabilities, upload)
  if (incoming.length !== null && incoming.length > room) throw tooLarge(room)
  if (incoming.length === 0 && incoming.checksum === null) return upload

  const verification =
    incoming.checksum === null ? null : await startVerification(ports, incoming.checksum)
  const followed = await ports.digests?.follow(upload)
  const body = meter(incoming.bytes, {
    limit: room,
    onChunk(chunk) {
      verification?.update(chunk)
      followed?.update(chunk)
    },
  })
  const progress = reportProgress(ports.emit, upload)
  const options = { token: lease.token, onProgress: progress.at }
  const unwatch = watch(body, {
    lease,
    closing: ports.closing,
    gone: caller.signal,
    limits: ports.limits,
  })
  try {
    const offset =
      verification === null
        ? await ports.store.append(upload.id, upload.offset, body, options)
        : await verification.append(upload, body, options)
    progress.last(offset)
    followed?.reached(offset)
    const grown = { ...upload, offset, updatedAt: new Date() }
    assertTakenIn(body, grown, room)
    return grown
  } finally {
    unwatch()
  }
}

function assertTakenIn(body: MeteredBody, upload: UploadInfo, room: number): void {
  if (body.end === 'over_limit') throw tooLarge(room)
  if (isFull(upload)) return
  if (body.end === 'stopped') throw body.reason
  if (body.end === 'lost') throw clientGone()
}
