/** What an upload must look like, kept as simply as can be. */
export interface ModelUpload {
  readonly path: string
  readonly kind: 'whole' | 'partial' | 'final'
  /** True if it is complete only when its client says so, as in the IETF draft. */
  readonly isExplicit: boolean
  length: number | null
  bytes: readonly number[]
  /** What a final upload is made of; empty for others. */
  readonly parts: readonly ModelUpload[]
  readonly createdAt: number
  updatedAt: number
  state: 'open' | 'complete' | 'rejected' | 'gone'
}

/** All uploads that were ever created, in their order. */
export interface Model {
  readonly uploads: ModelUpload[]
  /** Milliseconds after which what is abandoned goes. */
  readonly expireAfter: number
}

/** True when bytes can be added. */
export function isAppendable(upload: ModelUpload): boolean {
  return upload.state === 'open' && upload.kind !== 'final'
}

/** Bytes that may still come. */
export function room(upload: ModelUpload): number {
  return (upload.length ?? Number.POSITIVE_INFINITY) - upload.bytes.length
}

/** Adds bytes without completing the upload, unless it is complete by its length alone. */
export function add(
  model: Model,
  upload: ModelUpload,
  bytes: readonly number[],
  now: number,
): void {
  if (bytes.length > 0) upload.updatedAt = now
  upload.bytes = [...upload.bytes, ...bytes]
  complete(model, now)
}

/** Adds bytes, and completes the upload if it has all its bytes. */
export function grow(
  model: Model,
  upload: ModelUpload,
  bytes: readonly number[],
  now: number,
): void {
  add(model, upload, bytes, now)
  if (upload.state !== 'open' || !isFull(upload)) return
  end(upload, now)
  complete(model, now)
}

/** True if all bytes are there. */
export function isFull(upload: ModelUpload): boolean {
  return upload.bytes.length === upload.length
}

/** Completes what its length completes, then the final uploads that waited for that. */
export function complete(model: Model, now: number): void {
  for (const upload of model.uploads.filter(isAppendable)) {
    if (!upload.isExplicit && isFull(upload)) end(upload, now)
  }
  for (const upload of model.uploads) {
    if (upload.state !== 'open' || upload.kind !== 'final') continue
    if (!upload.parts.every((part) => part.state === 'complete')) continue
    upload.bytes = upload.parts.flatMap((part) => part.bytes)
    upload.length = upload.bytes.length
    end(upload, now)
  }
}

/** Gives final uploads the length of their parts, once all of them have one. It stays. */
export function learnLengths(model: Model): void {
  for (const upload of model.uploads) {
    if (upload.state !== 'open' || upload.kind !== 'final') continue
    if (upload.parts.some((part) => part.state === 'gone')) continue
    upload.length ??= lengthOf(upload.parts)
  }
}

/** Null as long as one of the parts has no length. */
export function lengthOf(parts: readonly ModelUpload[]): number | null {
  return parts.reduce<number | null>(
    (sum, { length }) => (sum === null || length === null ? null : sum + length),
    0,
  )
}

/** Rejects the final uploads that wait for a part which was removed. */
export function rejectHopeless(model: Model): void {
  for (const upload of model.uploads) {
    if (upload.state !== 'open' || upload.kind !== 'final') continue
    if (upload.parts.some((part) => part.state === 'gone')) upload.state = 'rejected'
  }
}

/**
 * Removes abandoned uploads. A part has no use by itself, so it can be abandoned when it is complete: once
 * every part that was created about the same time has expired.
 */
export function expire(model: Model, now: number): void {
  const isPast = (upload: ModelUpload): boolean => upload.updatedAt + model.expireAfter <= now
  const active = model.uploads.filter(
    (upload) => upload.kind === 'partial' && upload.state !== 'gone' && !isPast(upload),
  )
  for (const upload of model.uploads.filter(isPast)) {
    if (upload.state === 'open') upload.state = 'gone'
    if (upload.state !== 'complete' || upload.kind !== 'partial') continue
    const isKept = active.some(
      ({ createdAt }) => Math.abs(createdAt - upload.createdAt) <= model.expireAfter,
    )
    if (!isKept) upload.state = 'gone'
  }
}

function end(upload: ModelUpload, now: number): void {
  upload.state = 'complete'
  upload.updatedAt = now
}
