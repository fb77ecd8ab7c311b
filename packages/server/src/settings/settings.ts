import { resolve } from 'node:path'
import type { Given } from './raw-settings.ts'
import type { OptionName } from './options.ts'
import { UsageError } from './usage-error.ts'
import * as read from './values.ts'

/** Who may use the server. */
export interface Credentials {
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly token: string | undefined
}

/** How the server runs. */
export interface Settings {
  /** Where uploads are kept. */
  readonly directory: string
  /** Where completed uploads appear under their own names. */
  readonly into: string | undefined
  readonly port: number
  readonly host: string
  readonly path: string
  readonly downloads: boolean
  /** Bytes. */
  readonly maxLength: number | undefined
  /** Milliseconds. */
  readonly expireAfter: number | undefined
  /** Milliseconds. */
  readonly keepCompleted: number | undefined
  readonly credentials: Credentials
  readonly corsOrigins: '*' | readonly string[] | undefined
  readonly publicUrl: string | undefined
  readonly trustedProxies: readonly string[]
  readonly log: 'text' | 'json'
}

/**
 * Makes settings of what was given.
 *
 * @throws UsageError naming everything that cannot be used, and why
 */
export function settingsOf({ directory, values }: Given): Settings {
  const problems: string[] = []

  function optional<Value>(name: OptionName, reader: (text: string) => Value): Value | undefined {
    const given = values.get(name)
    if (given === undefined) return undefined
    try {
      return reader(given.text)
    } catch (error) {
      problems.push(`${given.source}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }

  const into = optional('into', resolve)
  const settings: Settings = {
    ...{ directory: resolve(directory ?? 'uploads'), into },
    port: optional('port', read.port) ?? 1080,
    host: optional('host', String) ?? '127.0.0.1',
    path: optional('path', read.path) ?? '/files',
    downloads: optional('downloads', read.onOrOff) ?? true,
    maxLength: optional('max-size', read.size),
    expireAfter: optional('expire-after', read.time),
    keepCompleted: optional('keep-completed', read.time),
    credentials: { user: optional('user', read.user), token: optional('token', read.token) },
    corsOrigins: optional('cors-origin', read.origins),
    publicUrl: optional('public-url', read.publicUrl),
    trustedProxies: optional('trusted-proxies', read.proxyRanges) ?? [],
    log: optional('log', read.logFormat) ?? 'text',
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return settings
}
