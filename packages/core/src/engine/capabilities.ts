import type { ChecksumProvider } from '../ports/checksums.ts'
import type { UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'

/** What a server can do: what its store can, less what its settings leave out. */
export interface Capabilities {
  readonly deferLength: boolean
  readonly terminate: boolean
  readonly expire: boolean
  /** Milliseconds for which an incomplete upload is kept; null without a limit. */
  readonly expireAfter: number | null
  readonly concatenate: boolean
  /** The algorithms by which the bytes of one request can be verified. */
  readonly checksums: readonly string[]
  /** The algorithm by which a digest of each whole upload is kept; null when none is. */
  readonly digest: string | null
  /** Bytes one upload may hold; null without a limit. */
  readonly maxLength: number | null
}

/** The settings that bear on capabilities. */
export interface CapabilityOptions {
  readonly maxLength?: number | undefined
  readonly expireAfter?: number | undefined
  readonly checksums?: ChecksumProvider | undefined
  readonly digest?: string | undefined
}

/** There is no second list to keep in step: an extension is announced exactly when this says so. */
export function capabilitiesOf(store: UploadStore, options: CapabilityOptions): Capabilities {
  const limits = [options.maxLength, store.maxLength].filter((limit) => limit !== undefined)
  const expire = options.expireAfter !== undefined && storeCan(store, 'remove', 'list')
  return {
    deferLength: storeCan(store, 'declareLength'),
    terminate: storeCan(store, 'remove'),
    concatenate: storeCan(store, 'concatenate'),
    checksums: storeCan(store, 'appendVerified') ? (options.checksums?.algorithms ?? []) : [],
    expire,
    expireAfter: expire ? (options.expireAfter ?? null) : null,
    digest: options.digest ?? null,
    maxLength: limits.length > 0 ? Math.min(...limits) : null,
  }
}
