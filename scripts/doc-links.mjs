// Checks the links of a Markdown page. Those that lead outside are only looked at: there may be no network.
import { existsSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withoutBlocks } from './doc-blocks.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** What is wrong with the links of the page at `path`, in a line each. */
export function linkFaults(path, page, read) {
  return linksIn(page).flatMap((link) => {
    const fault = /^[a-z][a-z0-9+.-]*:/i.test(link) ? outside(link) : inside(path, page, link, read)
    return fault === null ? [] : [`${link} ${fault}`]
  })
}

/** The targets of all links in a page. */
export function linksIn(page) {
  const text = withoutBlocks(page).replace(/`[^`\n]*`/g, '')
  const inline = text.matchAll(/\]\(\s*<?([^\s)>]+)>?(?:\s+"[^"]*")?\s*\)/g)
  const defined = text.matchAll(/^\[[^\]\n]+\]:\s*<?(\S+?)>?(?:\s+"[^"]*")?$/gm)
  const bare = text.matchAll(/<((?:https?|mailto):[^>\s]*)>/g)
  return [...inline, ...defined, ...bare].map(([, target]) => target)
}

function outside(link) {
  if (!URL.canParse(link)) return 'is no URL'
  const { protocol, hostname } = new URL(link)
  const isHere = ['localhost', '127.0.0.1'].includes(hostname)
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? null : 'should be https'
}

function inside(path, page, link, read) {
  const [target, anchor] = link.split('#')
  if (target === '') return anchorFault(page, anchor)
  const file = posix.join(posix.dirname(path), decodeURIComponent(target))
  if (file.startsWith('..')) return 'leads out of the repository'
  if (!existsSync(join(root, file))) return `leads nowhere: there is no ${file}`
  if (anchor === undefined) return null
  const other = file.endsWith('.md') ? read(file) : read(posix.join(file, 'README.md'))
  return other === null ? 'has an anchor, but leads to no page' : anchorFault(other, anchor)
}

function anchorFault(page, anchor) {
  return anchorsOf(page).has(anchor) ? null : `leads nowhere: no heading is called #${anchor}`
}

/** The anchors of a page's headings, as GitHub makes them. */
export function anchorsOf(page) {
  const anchors = new Set()
  for (const [, heading] of withoutBlocks(page).matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-')
    let anchor = slug
    for (let count = 1; anchors.has(anchor); count++) anchor = `${slug}-${count}`
    anchors.add(anchor)
  }
  return anchors
}
