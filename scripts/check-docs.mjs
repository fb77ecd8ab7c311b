#!/usr/bin/env node
// Keeps the code in the Markdown of the repository true:
//
// - a block below `<!-- examples/express.ts -->` is that file, to the letter
// - every other TypeScript block compiles, with what examples/snippets/globals.d.ts declares
// - each path in the tables of docs/architecture.md exists
// - `npm run` names a script that exists, and `@tusker/…` in a command names a package that exists
//
// `node scripts/check-docs.mjs` prints what is wrong; `--write` first copies the files into the pages.
// Links are checked by remark-validate-links: `npm run lint:docs` runs both.
//
// typescript-docs-verifier and twoslash compile each block by itself, and know no common
// declarations: 80 blocks take minutes, and each would repeat its preamble. One program for all
// blocks takes a few seconds. embedme copies files in, but its announcement becomes part of the code.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const root = join(import.meta.dirname, '..')
const examples = join(root, 'examples')
const BLOCK = /^(?:<!-- (examples\/\S+) -->\n)?```(\w*)[^\n]*\n([\s\S]*?)^```$/gm
const ANNOUNCED = /^<!-- (examples\/\S+) -->\n(?:```\w+\n[\s\S]*?^```$)?/gm

export const read = (path) => readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')

/** The paths of all files of the repository, without those of hidden folders. */
function files() {
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ':!.*']
  const paths = execFileSync('git', listed, { cwd: root, encoding: 'utf8' }).trim().split('\n')
  return paths.filter((path) => existsSync(join(root, path)))
}

/** The paths of all pages of the repository. */
export const pages = () => files().filter((path) => path.endsWith('.md'))

/** Each fenced block of a page: its file of examples/ or null, and the line before its first, from 1. */
export function blocksOf(page, path) {
  return [...page.matchAll(BLOCK)].map(
    ({ 0: whole, 1: file = null, 2: language, 3: text, index }) => {
      const before = page.slice(0, index) + whole.slice(0, whole.indexOf('```'))
      return { path, file, language, text, line: before.split('\n').length }
    },
  )
}

/** The page with each announced program as its file is now. */
export function withPrograms(page, readFile = read) {
  return page.replace(ANNOUNCED, (_, path) => {
    const language = path.endsWith('.conf') ? 'nginx' : 'ts'
    return `<!-- ${path} -->\n\`\`\`${language}\n${readFile(path)}\`\`\``
  })
}

/** What is wrong with the programs and commands of a page, in a line each. */
export function pageFaults(page, path) {
  const isCurrent = withPrograms(page) === page
  const commands = blocksOf(page, path).filter(({ language }) => language === 'sh')
  const faults = commands.flatMap(({ text }) => [
    ...names(text, /\bnpm run ([\w:-]+)/g).filter((name) => !scripts().includes(name)),
    ...names(text, /(@tusker\/[\w-]+)/g).filter((name) => !isPackage(name)),
  ])
  return [
    ...(isCurrent ? [] : [`${path}: a program differs from its file: run check-docs.mjs --write`]),
    ...faults.map((name) => `${path}: there is no ${name}`),
  ]
}

/** The paths in tables that are no end or folder of a file's path, in a line each. */
export function missingPaths(page, path, existing = files()) {
  const table = page.split('\n').filter((line) => line.startsWith('|'))
  return names(table.join('\n'), /`([\w.-]*[/.][\w./-]*)`/g)
    .filter((name) => !existing.some((file) => `/${file}`.includes(`/${name}`)))
    .map((name) => `${path}: there is no file ${name}`)
}

/** What the compiler reports about TypeScript blocks, in a line each. */
export function compileFaults(blocks) {
  const files = new Map([[join(examples, 'docs.d.ts'), read('examples/snippets/globals.d.ts')]])
  for (const [index, { line, text }] of blocks.entries()) {
    // The lines of a module have the numbers that they have in the page.
    files.set(join(examples, `docs-${index}.ts`), `${'\n'.repeat(line)}${text}\nexport {}\n`)
  }
  const { config } = ts.readConfigFile(join(examples, 'tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, examples)
  options.lib = ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'] // some run in a browser
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile } = host
  host.fileExists = (name) => files.has(name) || fileExists(name)
  host.readFile = (name) => files.get(name) ?? readFile(name)
  const program = ts.createProgram([...files.keys()], options, host)
  // Of the blocks only: the sources that they import are checked where they are at home.
  const sources = [...files.keys()].map((name) => program.getSourceFile(name))
  const diagnostics = sources.flatMap((source) => ts.getPreEmitDiagnostics(program, source))
  return diagnostics.map(({ file, start = 0, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    if (file === undefined) return message
    const block = blocks[/docs-(\d+)\.ts$/.exec(file.fileName)?.[1]]
    return `${block?.path ?? file.fileName}:${file.getLineAndCharacterOfPosition(start).line + 1}: ${message}`
  })
}

const names = (text, pattern) => [...text.matchAll(pattern)].map(([, name]) => name)
const isPackage = (name) => existsSync(join(root, name.replace('@tusker', 'packages')))
const scriptsOf = (path) => Object.keys(JSON.parse(read(path)).scripts)
const scripts = () => ['package.json', 'apps/demo/package.json'].flatMap(scriptsOf)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--write')) {
    for (const path of pages()) writeFileSync(join(root, path), withPrograms(read(path)))
  }
  const blocks = pages().flatMap((path) => blocksOf(read(path), path))
  const faults = [
    ...pages().flatMap((path) => pageFaults(read(path), path)),
    ...missingPaths(read('docs/architecture.md'), 'docs/architecture.md'),
    ...compileFaults(blocks.filter(({ language, file }) => language === 'ts' && file === null)),
  ]
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exitCode = 1
}
