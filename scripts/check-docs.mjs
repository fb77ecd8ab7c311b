#!/usr/bin/env node
// A program in a README that is announced by `<!-- examples/express.ts -->` is that file, to the letter.
// `node scripts/check-docs.mjs` says where it is not; with `--write` it makes it so.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const ANNOUNCED = /^<!-- (examples\/\S+) -->\n(?:```ts\n([\s\S]*?)^```$)?/gm

/** Each announced program of a page: which file it is to be, and its text; null where none follows. */
export function programsIn(page) {
  return [...page.matchAll(ANNOUNCED)].map(([, path, text]) => ({ path, text: text ?? null }))
}

/** The page with each announced program as its file is now. */
export function withPrograms(page, read) {
  return page.replace(ANNOUNCED, (found, path) => {
    const file = read(path)
    return file === null ? found : `<!-- ${path} -->\n\`\`\`ts\n${file}\`\`\``
  })
}

/** What is wrong with a page, in a line each. */
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
    if (error.code === 'ENOENT') return null
    throw error
  }
}

/** The paths of all pages that may show programs. */
export function pages() {
  const folders = ['packages', 'apps'].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
  )
  return ['.', 'docs', ...folders].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.md'))
      .map((name) => (folder === '.' ? name : `${folder}/${name}`)),
  )
}

function main() {
  const faults = pages().flatMap((path) => {
    const page = read(path)
    if (process.argv.includes('--write')) writeFileSync(join(root, path), withPrograms(page, read))
    return faultsOf(read(path), read).map((fault) => `${path}: ${fault}`)
  })
  for (const fault of faults) console.error(fault)
  if (faults.length > 0) process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main()
