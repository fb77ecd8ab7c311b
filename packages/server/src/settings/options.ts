/** The name of a setting, as a flag without the dashes in front. */
export type OptionName =
  | 'port'
  | 'host'
  | 'path'
  | 'into'
  | 'downloads'
  | 'max-size'
  | 'expire-after'
  | 'keep-completed'
  | 'user'
  | 'token'
  | 'cors-origin'
  | 'public-url'
  | 'trusted-proxies'
  | 'log'

/** One setting: a flag, and an environment variable of the same name. */
export interface OptionRow {
  readonly name: OptionName
  readonly short?: string
  /** What stands for the value in the help; null for a switch. */
  readonly value: string | null
  readonly help: string
}

/** Every setting, in the order of the help. */
export const OPTIONS: readonly OptionRow[] = [
  {
    name: 'port',
    short: 'p',
    value: 'number',
    help: 'where to listen, 1080 by default; 0 for a free one',
  },
  {
    name: 'host',
    value: 'address',
    help: '127.0.0.1 by default; 0.0.0.0 or :: for every network',
  },
  { name: 'path', value: 'path', help: 'where uploads are created, /files by default' },
  {
    name: 'into',
    value: 'directory',
    help: 'completed uploads appear there under their own names',
  },
  { name: 'downloads', value: null, help: 'completed uploads can be fetched, as by default' },
  { name: 'max-size', value: 'size', help: 'of one upload, such as 10GiB; no limit by default' },
  {
    name: 'expire-after',
    value: 'time',
    help: 'incomplete uploads go when nothing came for so long',
  },
  {
    name: 'keep-completed',
    value: 'time',
    help: 'completed uploads go after so long; what is in --into stays',
  },
  {
    name: 'user',
    value: 'name:password',
    help: 'only this user may do anything (HTTP Basic)',
  },
  { name: 'token', value: 'token', help: 'only whoever sends this token may (HTTP Bearer)' },
  {
    name: 'cors-origin',
    value: 'origins',
    help: 'other origins whose pages may upload, with commas; or *',
  },
  { name: 'public-url', value: 'url', help: 'what clients see in place of host and port' },
  {
    name: 'trusted-proxies',
    value: 'ranges',
    help: 'proxies whose word on the URL counts, with commas',
  },
  { name: 'log', value: 'format', help: 'text, by default, or json' },
]

/** The environment variable of a setting: `TUSKER_MAX_SIZE` is `--max-size`. */
export function variableOf(name: string): string {
  return `TUSKER_${name.toUpperCase().replaceAll('-', '_')}`
}
