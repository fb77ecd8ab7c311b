import type { OptionRule } from '../options/check-options.ts'
import { checkOptions, objectWith, size, text } from '../options/check-options.ts'
import { parseSize } from '../options/quantity.ts'
import type { HeaderFields } from '../model/http.ts'
import { withLowerCaseNames } from '../model/http.ts'
import type { NewUpload } from '../model/upload.ts'
import { isUploadId } from '../model/upload.ts'
import type { CreateChanges } from '../ports/hooks.ts'

/** A new upload, and the fields that the application adds to the response. */
export interface Draft {
  readonly upload: NewUpload
  readonly headers: HeaderFields
}

const RULES: Readonly<Record<keyof CreateChanges, OptionRule>> = {
  id: {
    allowed: 'a valid upload id, see isUploadId',
    accepts: (value) => typeof value === 'string' && isUploadId(value),
  },
  metadata: { ...text, accepts: (value) => typeof value === 'string' },
  attributes: objectWith('an object of texts'),
  headers: objectWith('an object of header fields'),
  maxLength: size,
}

/**
 * Applies the result of `beforeCreate` to an upload that does not exist yet.
 *
 * @throws TypeError when the result has an unknown or invalid property
 */
export function applyChanges(upload: NewUpload, changes: CreateChanges): Draft {
  checkOptions('beforeCreate', changes, RULES)
  const maxLength = parseSize(changes.maxLength)
  const isLimited = maxLength !== null && maxLength !== Number.POSITIVE_INFINITY
  return {
    upload: {
      ...upload,
      id: changes.id ?? upload.id,
      metadata: changes.metadata ?? upload.metadata,
      attributes: changes.attributes ?? upload.attributes,
      ...(isLimited ? { maxLength } : {}),
    },
    headers: withLowerCaseNames(changes.headers ?? {}),
  }
}
