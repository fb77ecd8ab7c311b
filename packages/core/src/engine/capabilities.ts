import type { ChecksumProvider } from '../ports/checksums.ts'
import type { UploadStore } from '../ports/store.ts'
import { storeCan } from '../ports/store.ts'

/** The extensions and limits of a server. They follow from its store and its options. */
export interface Capabilities {
  readonly deferLength: boolean
  readonly terminate: boolean
  readonly expire: boolean
  /** Milliseconds for which the server keeps an incomplete upload; null without a limit. */
  readonly expireAfter: number | null
  readonly concatenate: boolean
  /** The algorithms of checksums that clients can send with one request. */
  readonly checksums: readonly string[]
  /** The algorithm of the digest that the server keeps of each whole upload; null if it keeps none. */
  readonly digest: string | null
  /** The most bytes of one upload; null without a limit. */
  readonly maxLength: number | null
}

/** The options that capabilities depend on. */
export interface CapabilityOptions {
  readonly maxLength?: number | undefined
  readonly expireAfter?: number | undefined
  readonly checksums?: ChecksumProvider | undefined
  readonly digest?: string | undefined
}

/** The only source of capabilities: a protocol announces an extension exactly if it is true here. */
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
