import { isUploadError, UploadError } from '../model/error.ts'
import type { NewUpload, UploadInfo } from '../model/upload.ts'
import { isUploadId, lacksOutcome } from '../model/upload.ts'
import { authorize } from './find-authorized.ts'
import { assertOpen } from './shutdown.ts'
import type { Caller, Completion, CreateCommand, Incoming } from './commands.ts'
import { assemble, isUnassembled, lengthOf, partsOf } from './concatenate.ts'
import { withLease } from './with-lease.ts'
import { withFinalLength } from './final-length.ts'
import { assertAllowedLength, tooLarge } from './length-limits.ts'
import type { Ports, Session } from './ports.ts'
import { receive } from './receive-body.ts'
import { assertNotRejected } from './rejection.ts'
import { settle } from './settle.ts'

/** Makes an upload and takes in the bytes that came with it, or joins the parts it is made of. */
export async function create<Context>(
  ports: Ports<Context>,
  command: CreateCommand,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  assertOpen(ports)
  const { body, completion } = command
  const length = await allowedLength(ports, command, caller)
  const upload = await register(ports, { ...command, length }, caller)
  ports.emit({ type: 'created', upload })
  const isKnown = command.announce?.(upload) ?? false
  if (body === null && completion !== 'with_body') {
    if (!lacksOutcome(upload) && !isUnassembled(upload)) return upload
  }

  // Before the parts are looked at: one may become whole meanwhile.
  if (isUnassembled(upload)) ports.waiting.add(upload)
  return withLease(ports, upload.id, caller, { ask: 'yield' }, async (session) => {
    const grown =
      body === null
        ? await assemble(session, upload)
        : await receiveFirst(session, upload, { body, completion, isKnown })
    const ready = await withFinalLength(session, grown, command)
    const settled = await settle(session, ready, completion)
    assertNotRejected(settled)
    return settled
  })
}

/** Refuses what could not be stored before the upload exists: its client would never learn where it is. */
async function allowedLength<Context>(
  ports: Ports<Context>,
  { length, body, concatenation, completion }: CreateCommand,
  caller: Caller<Context>,
): Promise<number | null> {
  const { capabilities } = ports
  if (concatenation?.kind === 'final') {
    const joined = lengthOf(await partsOf(ports, concatenation.parts, caller))
    if (joined !== null) assertAllowedLength(capabilities, joined)
    return joined
  }
  assertAllowedLength(capabilities, length)
  const limit = length ?? capabilities.maxLength
  const coming = body?.length ?? null
  if (limit !== null && coming !== null && coming > limit) {
    throw length === null ? tooLarge(limit) : exceeding(length, completion)
  }
  return length
}

/** Refuses content that is longer than the upload it is to begin. */
function exceeding(length: number, completion: Completion): UploadError {
  if (completion === 'at_length') return tooLarge(length)
  return new UploadError('length_exceeded', `the content is longer than ${length} bytes`)
}

/**
 * Undoes the creation when its first bytes are refused and the client does not know where the upload is:
 * the error response cannot say it.
 */
async function receiveFirst<Context>(
  session: Session<Context>,
  upload: UploadInfo,
  first: { readonly body: Incoming; readonly completion: Completion; readonly isKnown: boolean },
): Promise<UploadInfo> {
  const { ports, lease } = session
  try {
    return await receive(session, upload, first)
  } catch (error) {
    const isContradiction = isUploadError(error) && error.code === 'length_exceeded'
    if (first.isKnown && !isContradiction) throw error
    await ports.store.remove?.(upload.id, lease.token)
    ports.emit({ type: 'removed', id: upload.id, reason: 'terminated' })
    throw error
  }
}

async function register<Context>(
  ports: Ports<Context>,
  command: CreateCommand,
  caller: Caller<Context>,
): Promise<UploadInfo> {
  const upload = await adjusted(ports, await drafted(ports, command, caller), caller)
  if (!(await ports.store.create(upload))) {
    throw new UploadError('id_taken', `there is already an upload called ${upload.id}`)
  }
  return { ...upload, offset: 0, updatedAt: upload.createdAt, outcome: null }
}

async function drafted<Context>(
  ports: Ports<Context>,
  { length, metadata, concatenation, concatenationField, completion }: CreateCommand,
  caller: Caller<Context>,
): Promise<NewUpload> {
  const { hooks } = ports
  const owner = caller.context === null ? null : ((await hooks.identify?.(caller.context)) ?? null)
  return {
    id: ports.newId(),
    length,
    metadata,
    owner,
    attributes: {},
    concatenation,
    concatenationField,
    ...(completion === 'at_length' ? {} : { completion: 'explicit' }),
    createdAt: new Date(),
  }
}

async function adjusted<Context>(
  ports: Ports<Context>,
  draft: NewUpload,
  caller: Caller<Context>,
): Promise<NewUpload> {
  await authorize(ports, 'create', draft, caller)
  if (caller.context === null) return draft
  const changes = (await ports.hooks.beforeCreate?.(draft, caller.context)) ?? {}
  const upload = { ...draft, ...changes }
  if (!isUploadId(upload.id))
    throw new Error('the `beforeCreate` hook returned an id that is not valid')
  return upload
}
