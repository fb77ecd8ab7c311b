import { offsetMismatch, UploadError } from '../model/error.ts'
import type { Lease } from '../ports/locker.ts'
import type { UploadInfo } from '../model/upload.ts'
import { access } from './find-authorized.ts'
import { assertOpen } from './shutdown.ts'
import type { AppendCommand, Caller } from './commands.ts'
import { withLease } from './with-lease.ts'
import { lengthWith, roomIn, tooLarge } from './length-limits.ts'
import type { Ports } from './ports.ts'
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

  async function find(): Promise<UploadInfo> {
    const upload = await access(ports, 'append', command.id, caller)
    assertAppendable(ports, upload, command)
    return upload
  }

  const options = { ask: 'yield', beforeAsking: find } as const
  return withLease(ports, command.id, caller, options, async (lease) => {
    const upload = await withDeclaredLength(ports, await find(), command, lease)
    const grown = await receive(ports, upload, command.body, lease, caller)
    const settled = await settle(ports, grown, lease, caller)
    assertNotRejected(settled)
    return settled
  })
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
  const length = lengthWith(ports.capabilities, upload, command.length)
  const room = roomIn(ports.capabilities, { ...upload, length })
  if (command.body.length !== null && command.body.length > room) throw tooLarge(room)
}

async function withDeclaredLength<Context>(
  ports: Ports<Context>,
  upload: UploadInfo,
  command: AppendCommand,
  lease: Lease,
): Promise<UploadInfo> {
  if (command.length === null || upload.length !== null) return upload
  await ports.store.declareLength?.(upload.id, command.length, lease.token)
  return { ...upload, length: command.length }
}
