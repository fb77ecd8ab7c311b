import type { UploadMetadata } from '../grammar/metadata.ts'
import { parseMetadata } from '../grammar/metadata.ts'
import { UploadError } from '../model/error.ts'
import type { Caller } from '../engine/commands.ts'

/** Reads the metadata of an upload in its wire form; null if it cannot be read. */
export type MetadataReader = (field: string, caller: Caller<unknown>) => UploadMetadata | null

/**
 * Reads the metadata once for a caller, however many parts of the server need it: a caller is one request,
 * and a request is about one upload.
 */
export function metadataReader(): MetadataReader {
  return oncePerCaller(parseMetadata)
}

/** Reads as `read` does. Remembers the last value of each caller, until the request is over. */
export function oncePerCaller<Value>(
  read: (field: string, caller: Caller<unknown>) => Value,
): (field: string, caller: Caller<unknown>) => Value {
  const last = new WeakMap<Caller<unknown>, { readonly field: string; readonly value: Value }>()
  return (field, caller) => {
    const known = last.get(caller)
    if (known?.field === field) return known.value
    const value = read(field, caller)
    last.set(caller, { field, value })
    return value
  }
}

/** @throws UploadError `malformed_request` for metadata that could not be read */
export function assertReadable(metadata: UploadMetadata | null): UploadMetadata {
  if (metadata !== null) return metadata
  throw new UploadError(
    'malformed_request',
    'upload-metadata must be pairs of a unique key and a base64 value, separated by commas',
  )
}
