/** Bytes to send: the chunks, in order, make `length` bytes. They can be sent again after a failure. */
export interface Payload {
  /** In bytes. */
  readonly length: number
  readonly chunks: readonly Uint8Array[]
}

/** The condition for a `put`. */
export interface PutCondition {
  /** The entity tag, without quotes, that the object must have; null when there must be no object. */
  readonly etag: string | null
}

/** The properties of a stored object. */
export interface ObjectInfo {
  /** In bytes. */
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  /** The clock of the storage when the object was written, in milliseconds since 1970. */
  readonly lastModified: number
  /** The clock of the storage when it answered, in milliseconds since 1970. */
  readonly now: number
  /** The `x-amz-meta-` fields, by their names without that prefix. */
  readonly metadata: ReadonlyMap<string, string>
}

/** An object with its bytes. */
export interface ObjectContent extends ObjectInfo {
  readonly body: ReadableStream<Uint8Array>
}

/** An object, or a range of it, that was read. */
export interface LoadedObject {
  readonly info: ObjectInfo
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** One key of a listing. */
export interface ListedObject {
  readonly key: string
  /** In bytes. */
  readonly size: number
  /** In milliseconds since 1970. */
  readonly lastModified: number
}

/** One multipart upload that was begun and neither completed nor aborted. */
export interface ListedMultipart {
  readonly key: string
  readonly multipartId: string
  /** In milliseconds since 1970. */
  readonly startedAt: number
}

/** One part of a multipart upload. */
export interface Part {
  /** From 1 to 10,000. */
  readonly number: number
  /** Without quotes. */
  readonly etag: string
  /** In bytes. */
  readonly size: number
}

/** Header fields that are stored with an object, by lower-case names. */
export type ObjectHeaders = Readonly<Record<string, string>>

/**
 * The operations that the store needs of a bucket. A failure is an `S3Error` with the code of the
 * storage, or an `UploadError` `unavailable` when the storage stays out of reach.
 */
export interface Bucket {
  /** Returns the entity tag. Throws `PreconditionFailed` when the condition does not hold. */
  put(key: string, payload: Payload, options?: PutOptions): Promise<string>
  /** Resolves to null when there is no such object. `range` is from a first to a last byte, inclusive. */
  get(key: string, range?: readonly [number, number]): Promise<ObjectContent | null>
  /** Like `get`, and reads all the bytes. Reconnects if the connection is lost. */
  load(key: string, range?: readonly [number, number]): Promise<LoadedObject | null>
  /** Like `get`, without the bytes. */
  head(key: string): Promise<ObjectInfo | null>
  /** Does nothing if there is no such object. */
  remove(key: string): Promise<void>
  list(prefix: string): AsyncIterable<ListedObject>
  /** Returns the id of a new multipart upload. */
  createMultipart(key: string, headers: ObjectHeaders): Promise<string>
  /** Returns the entity tag of the part. */
  uploadPart(target: PartTarget, payload: Payload): Promise<string>
  /** Makes a part from bytes of an existing object. Returns the entity tag of the part. */
  copyPart(target: PartTarget, source: CopySource): Promise<string>
  completeMultipart(key: string, multipartId: string, parts: readonly Part[]): Promise<void>
  /** Does nothing if there is no such multipart upload. */
  abortMultipart(key: string, multipartId: string): Promise<void>
  listMultiparts(prefix: string): AsyncIterable<ListedMultipart>
  listParts(key: string, multipartId: string): AsyncIterable<Part>
  /** A URL with which any client can download the object for `seconds`. */
  presign(key: string, seconds: number, query: Readonly<Record<string, string>>): Promise<string>
}

/** The options of a `put`. */
export interface PutOptions {
  readonly headers?: ObjectHeaders
  readonly condition?: PutCondition
}

/** A part to be written. */
export interface PartTarget {
  readonly key: string
  readonly multipartId: string
  readonly number: number
}

/** Bytes of an object, from `start` up to, not including, `end`. */
export interface CopySource {
  readonly key: string
  readonly start: number
  readonly end: number
}

/** The payload of one chunk. */
export function payloadOf(bytes: Uint8Array): Payload {
  return { length: bytes.byteLength, chunks: [bytes] }
}
