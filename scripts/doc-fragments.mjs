// Compiles the TypeScript of documentation, each block as a module of its own in `examples/`.
import { readFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const here = dirname(fileURLToPath(import.meta.url))
const examples = join(dirname(here), 'examples')
const PREAMBLE = join(examples, 'preamble.of-docs.d.ts')

/**
 * What the compiler says of each block, in a line each.
 *
 * @param blocks - `{ path, line, text }`: a page, where in it the text begins, and the text
 */
export function compileFaults(blocks) {
  const files = new Map(blocks.map((block, index) => [moduleOf(index), textOf(block)]))
  files.set(PREAMBLE, readFileSync(join(here, 'doc-preamble.d.ts'), 'utf8'))
  const program = ts.createProgram([...files.keys()], options(), hostOf(files))
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...program.getSyntacticDiagnostics(),
    ...program.getSemanticDiagnostics(),
  ]
  return diagnostics.map((diagnostic) => describe(diagnostic, blocks))
}

function moduleOf(index) {
  return join(examples, `block-${index}.of-docs.ts`)
}

/** Its lines have the numbers that they have in the page. */
function textOf({ line, text }) {
  return `${'\n'.repeat(line)}${text}\nexport {}\n`
}

function options() {
  const { config } = ts.readConfigFile(join(examples, 'tsconfig.json'), ts.sys.readFile)
  const parsed = ts.parseJsonConfigFileContent(config, ts.sys, examples)
  // Some of it is for browsers.
  return { ...parsed.options, lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'] }
}

function hostOf(files) {
  const host = ts.createCompilerHost(options())
  const textAt = (name) => files.get(name.split('/').join(sep))
  return {
    ...host,
    fileExists: (name) => textAt(name) !== undefined || host.fileExists(name),
    readFile: (name) => textAt(name) ?? host.readFile(name),
    getSourceFile(name, ...rest) {
      const text = textAt(name)
      if (text === undefined) return host.getSourceFile(name, ...rest)
      return ts.createSourceFile(name, text, rest[0], true)
    },
  }
}

function describe({ file, start, messageText }, blocks) {
  const message = ts.flattenDiagnosticMessageText(messageText, ' ')
  if (file === undefined) return message
  const { line } = file.getLineAndCharacterOfPosition(start ?? 0)
  const index = /block-(\d+)\.of-docs\.ts$/.exec(file.fileName)?.[1]
  const name = index === undefined ? file.fileName : blocks[Number(index)].path
  return `${name}:${line + 1}: ${message}`
}
