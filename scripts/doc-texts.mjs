// Checks the blocks of a Markdown page that are no TypeScript.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf } from './doc-blocks.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const LANGUAGES = ['ts', 'sh', 'json', 'nginx', 'text', 'http', 'html']

/** What is wrong with the commands and the data of a page, in a line each. */
export function textFaults(page) {
  return blocksOf(page).flatMap((block) => {
    const fault = faultOf(block)
    return fault === null ? [] : [`line ${block.line + 1}: ${fault}`]
  })
}

function faultOf({ language, text, isAnnounced }) {
  if (!LANGUAGES.includes(language)) return `blocks of "${language}" are not checked by anything`
  if (language === 'json') return jsonFault(text)
  if (language === 'sh') return shellFault(text)
  if (language === 'nginx' && !isAnnounced)
    return 'what nginx is told has to be run: announce a file'
  return null
}

function jsonFault(text) {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return error.message
  }
}

/** The scripts of the repository and of its applications: `npm run` means those of the folder one is in. */
const scripts = new Set(
  ['.', ...readdirSync(join(root, 'apps')).map((name) => `apps/${name}`)].flatMap((folder) =>
    Object.keys(JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')).scripts),
  ),
)

function shellFault(text) {
  // `<id>` stands for what a reader puts in, and would read from a file.
  const shell = spawnSync('sh', ['-n'], { input: text.replace(/<\w+>/g, 'x'), encoding: 'utf8' })
  // Windows may have none.
  if (shell.error === undefined && shell.status !== 0) return shell.stderr.trim()
  for (const [, script] of text.matchAll(/\bnpm run ([\w:-]+)/g)) {
    if (!scripts.has(script)) return `there is no script ${script}`
  }
  for (const [, name] of text.matchAll(/@tusker\/([\w-]+)/g)) {
    if (!existsSync(join(root, 'packages', name))) return `there is no package @tusker/${name}`
  }
  return null
}
