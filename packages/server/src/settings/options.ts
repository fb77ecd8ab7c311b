/** The name of a setting: the flag without its dashes. */
export type OptionName =
  | 'port'
  | 'host'
  | 'path'
  | 'into'
  | 'downloads'
  | 'max-size'
  | 'expire-after'
  | 'keep-completed'
  | 'idle-timeout'
  | 'keep-alive'
  | 'user'
  | 'token'
  | 'cors-origin'
  | 'cors-header'
  | 'public-url'
  | 'allowed-hosts'
  | 'trusted-proxies'
  | 'log'

/** One setting: a flag, and an environment variable of the same name. */
export interface OptionRow {
  readonly name: OptionName
  readonly short?: string
  /** The placeholder of the value in the help; null for a switch. */
  readonly value: string | null
  readonly help: string
}

/** Every setting, in the order of the help. */
export const OPTIONS: readonly OptionRow[] = [
  {
    name: 'port',
    short: 'p',
    value: 'number',
    help: 'port to listen on; 0 picks a free one (default 1080)',
  },
  {
    name: 'host',
    value: 'address',
    help: 'address to listen on; 0.0.0.0 or :: for all (default 127.0.0.1)',
  },
  { name: 'path', value: 'path', help: 'path at which uploads are created (default /files)' },
  {
    name: 'into',
    value: 'directory',
    help: 'save completed uploads there, under their own names',
  },
  {
    name: 'downloads',
    value: null,
    help: 'serve completed uploads by GET (default on)',
  },
  { name: 'max-size', value: 'size', help: 'limit of one upload, such as 10GiB (default none)' },
  {
    name: 'expire-after',
    value: 'time',
    help: 'remove incomplete uploads that received no byte for so long',
  },
  {
    name: 'keep-completed',
    value: 'time',
    help: 'remove completed uploads after so long; files of --into stay',
  },
  {
    name: 'idle-timeout',
    value: 'time',
    help: 'end a request body that pauses for so long (default 1m)',
  },
  {
    name: 'keep-alive',
    value: 'time',
    help: 'keep idle connections open for so long (default 75s)',
  },
  {
    name: 'user',
    value: 'name:password',
    help: 'require this name and password (HTTP Basic)',
  },
  { name: 'token', value: 'token', help: 'require this token (HTTP Bearer)' },
  {
    name: 'cors-origin',
    value: 'origins',
    help: 'origins whose pages may upload, separated by commas; or *',
  },
  {
    name: 'cors-header',
    value: 'names',
    help: 'further request headers that these pages may send',
  },
  { name: 'public-url', value: 'url', help: 'URL that clients see in place of host and port' },
  {
    name: 'allowed-hosts',
    value: 'names',
    help: 'further host names that requests may name',
  },
  {
    name: 'trusted-proxies',
    value: 'ranges',
    help: 'proxies whose X-Forwarded-* headers are trusted',
  },
  { name: 'log', value: 'format', help: 'text or json (default text)' },
]

/** The environment variable of a setting: `TUSKER_MAX_SIZE` for `max-size`. */
export function variableOf(name: string): string {
  return `TUSKER_${name.toUpperCase().replaceAll('-', '_')}`
}
