import { resolve } from 'node:path'
import type { RawSettings } from './raw-settings.ts'
import type { OptionName } from './options.ts'
import { UsageError } from './usage-error.ts'
import * as read from './values.ts'

/** What a request has to present. With both, either is enough; with none, every request is accepted. */
export interface Credentials {
  readonly user: { readonly name: string; readonly password: string } | undefined
  readonly token: string | undefined
}

/**
 * Milliseconds. Longer than the 60 seconds after which load balancers close idle connections: they
 * would send a request on a connection that we are closing, and answer 502.
 */
const KEEP_ALIVE = 75_000

/** How the server runs. */
export interface Settings {
  /** The absolute path of the directory of uploads. */
  readonly directory: string
  /** The absolute path of the directory where completed uploads are saved; undefined for none. */
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
  /** Milliseconds. */
  readonly idleTimeout: number | undefined
  /** Milliseconds. */
  readonly keepAlive: number
  readonly credentials: Credentials
  readonly corsOrigins: '*' | readonly string[] | undefined
  readonly corsHeaders: readonly string[]
  readonly publicUrl: string | undefined
  /** Names without a port, besides that of `publicUrl`. */
  readonly allowedHosts: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly log: 'text' | 'json'
}

/**
 * Reads the values of the settings and applies the defaults.
 *
 * @throws UsageError with a line for each value that is not valid
 */
export function settingsOf({ directory, values }: RawSettings): Settings {
  const problems: string[] = []

  function optional<Value>(name: OptionName, reader: (text: string) => Value): Value | undefined {
    const raw = values.get(name)
    if (raw === undefined) return undefined
    try {
      return reader(raw.text)
    } catch (error) {
      problems.push(`${raw.source}: ${error instanceof Error ? error.message : String(error)}`)
      return undefined
    }
  }

  const into = optional('into', resolve)
  const settings: Settings = {
    directory: resolve(directory ?? 'uploads'),
    into,
    port: optional('port', read.port) ?? 1080,
    host: optional('host', String) ?? '127.0.0.1',
    path: optional('path', read.path) ?? '/files',
    downloads: optional('downloads', read.onOrOff) ?? true,
    maxLength: optional('max-size', read.size),
    expireAfter: optional('expire-after', read.time),
    keepCompleted: optional('keep-completed', read.time),
    idleTimeout: optional('idle-timeout', read.time),
    keepAlive: optional('keep-alive', read.time) ?? KEEP_ALIVE,
    credentials: { user: optional('user', read.user), token: optional('token', read.token) },
    corsOrigins: optional('cors-origin', read.origins),
    corsHeaders: optional('cors-header', read.headerNames) ?? [],
    publicUrl: optional('public-url', read.publicUrl),
    allowedHosts: optional('allowed-hosts', read.hostNames) ?? [],
    trustedProxies: optional('trusted-proxies', read.proxyRanges) ?? [],
    log: optional('log', read.logFormat) ?? 'text',
  }
  if (problems.length > 0) throw new UsageError(problems.join('\n'))
  return settings
}
