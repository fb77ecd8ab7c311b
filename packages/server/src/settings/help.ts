import type { OptionRow } from './options.ts'
import { OPTIONS, variableOf } from './options.ts'

const EXAMPLES = `Examples:
  tusker-server ./uploads --port 8080
  tusker-server --into ./incoming --max-size 10GiB --expire-after 2d
  TUSKER_USER=ada:secret tusker-server --host 0.0.0.0`

/** The text that `--help` prints. */
export function helpText(): string {
  const rows: readonly (readonly [string, string])[] = [
    ...OPTIONS.map((row): [string, string] => [flagOf(row), row.help]),
    ['    --version', 'show version'],
    ['-h, --help', 'show help'],
  ]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return `Receives resumable uploads (tus 1.0 and Resumable Uploads for HTTP) and stores them in a
directory.

Usage: tusker-server [directory] [options]

The directory is ./uploads by default. It is created when it is missing.

${rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join('\n')}

Each setting can also be an environment variable: ${variableOf('port')}, ${variableOf('max-size')}
and so on, and ${variableOf('directory')}. A flag overrides its variable. Use variables for
passwords and tokens.

${EXAMPLES}
`
}

function flagOf({ name, short, value }: OptionRow): string {
  const letter = short === undefined ? '    ' : `-${short}, `
  return value === null ? `${letter}--[no-]${name}` : `${letter}--${name} <${value}>`
}
