#!/usr/bin/env node
// Keeps the Markdown of the repository true, as far as a program can tell:
//
// - a program that is announced by `<!-- examples/express.ts -->` is that file, to the letter
// - every other TypeScript block compiles, with what doc-preamble.d.ts declares
// - commands are shell, and name packages and scripts that there are; JSON is JSON
// - links lead somewhere
//
// `node scripts/check-docs.mjs` says where it is not so; with `--write` it puts programs in first.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf } from './doc-blocks.mjs'
import { compileFaults } from './doc-fragments.mjs'
import { linkFaults } from './doc-links.mjs'
import { textFaults } from './doc-texts.mjs'

export const root = dirname(dirname(fileURLToPath(import.meta.url)))

const ANNOUNCED = /^<!-- (examples\/\S+) -->\n(?:```\w+\n([\s\S]*?)^```$)?/gm
const LANGUAGES = { ts: 'ts', conf: 'nginx' }

/** Each announced program of a page: which file it is to be, and its text; null where none follows. */
export function programsIn(page) {
  return [...page.matchAll(ANNOUNCED)].map(([, path, text]) => ({ path, text: text ?? null }))
}

/** The page with each announced program as its file is now. */
export function withPrograms(page, read) {
  return page.replace(ANNOUNCED, (found, path) => {
    const file = read(path)
    const language = LANGUAGES[path.split('.').at(-1)] ?? 'text'
    return file === null ? found : `<!-- ${path} -->\n\`\`\`${language}\n${file}\`\`\``
  })
}

/** What is wrong with the programs of a page, in a line each. */
export function faultsOf(page, read) {
  return programsIn(page).flatMap(({ path, text }) => {
    if (text === null) return [`${path} is announced, but no program follows`]
    const file = read(path)
    if (file === null) return [`there is no ${path}`]
    return text === file ? [] : [`the program is not ${path} as it is now`]
  })
}

/** The text of a file of the repository; null where there is none. */
export function read(path) {
  try {
    return readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n')
  } catch (error) {
    if (['ENOENT', 'EISDIR', 'ENOTDIR'].includes(error.code)) return null
    throw error
  }
}

const NOT_OURS = /^(?:node_modules|dist|coverage|data|api|\.git|\.turbo)$/

/** The paths of all pages in the repository. */
export function pages(folder = '') {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.test(name))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) return pages(path)
      return path.endsWith('.md') ? [path] : []
    })
    .sort()
}

/** The TypeScript of pages that is no announced program. */
export function fragments(paths) {
  return paths
    .flatMap((path) => blocksOf(read(path)).map((block) => ({ ...block, path })))
    .filter(({ language, isAnnounced }) => language === 'ts' && !isAnnounced)
}

/** What is wrong with a page by itself. */
export function pageFaults(path) {
  const page = read(path)
  return [...faultsOf(page, read), ...textFaults(page), ...linkFaults(path, page, read)]
}

function main() {
  const paths = pages()
  if (process.argv.includes('--write')) {
    for (const path of paths) writeFileSync(join(root, path), withPrograms(read(path), read))
  }
  const faults = [
    ...paths.flatMap((path) => pageFaults(path).map((fault) => `${path}: ${fault}`)),
    ...compileFaults(fragments(paths)),
  ]
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
