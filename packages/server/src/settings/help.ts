import type { OptionRow } from './options.ts'
import { OPTIONS, variableOf } from './options.ts'

const EXAMPLES = `Examples:
  tusker-server ./uploads --port 8080
  tusker-server --into ./incoming --max-size 10GiB --expire-after 2d
  TUSKER_USER=ada:secret tusker-server --host 0.0.0.0`

/** What `--help` prints. */
export function helpText(): string {
  const rows: readonly (readonly [string, string])[] = [
    ...OPTIONS.map((row): [string, string] => [flagOf(row), row.help]),
    ['    --version', 'say which version this is'],
    ['-h, --help', 'say this'],
  ]
  const width = Math.max(...rows.map(([flag]) => flag.length))
  return `Takes resumable uploads over tus 1.0 and keeps them in a directory.

Usage: tusker-server [directory] [options]

The directory, ./uploads by default, is made when it is not there.

${rows.map(([flag, help]) => `  ${flag.padEnd(width)}  ${help}`).join('\n')}

Each can be set in the environment as well, where flags do not say otherwise: ${variableOf('port')},
${variableOf('max-size')} and so on, and ${variableOf('directory')}. Passwords and tokens are better off there.

${EXAMPLES}
`
}

function flagOf({ name, short, value }: OptionRow): string {
  const letter = short === undefined ? '    ' : `-${short}, `
  return value === null ? `${letter}--[no-]${name}` : `${letter}--${name} <${value}>`
}
