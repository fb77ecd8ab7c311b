import type { BatchLinks } from './batch.ts'
import type { Description } from './content-json.ts'

/** The data of a listing: the container, and a stream of those of its children that this part shows. */
export interface Listing {
  readonly container: Description
  /** The URL of the container around it; null for the root. */
  readonly parent: string | null
  /** How many children the user may view. */
  readonly total: number
  /** Links to the other parts; null when this is all. */
  readonly links: BatchLinks | null
  readonly children: AsyncIterable<Description>
}

/** A plain page that lists a container. It needs no script and no other resource. */
export async function* htmlPage(listing: Listing): AsyncGenerator<string> {
  const { container, parent, children } = listing
  const title = escaped(nameOf(container) || 'Content')
  yield `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>${STYLE}</style>
<main>
<h1>${title}</h1>
${parent === null ? '' : `<nav aria-label="Up"><a href="${escaped(parent)}">Up one folder</a></nav>\n`}`
  let count = 0
  for await (const child of children) {
    if (count === 0) yield HEAD
    count += 1
    yield row(child)
  }
  yield count === 0 ? '<p>There is nothing here yet.</p>\n' : '</tbody>\n</table>\n'
  yield `${pages(listing)}</main>\n</html>\n`
}

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 56rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; margin-top: 1rem }
th, td { text-align: start; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #8884; font-weight: 400 }
thead th { color: GrayText; font-size: .875rem }
tbody th { overflow-wrap: anywhere }
td { white-space: nowrap; font-variant-numeric: tabular-nums }
th:nth-child(3), td:nth-child(3) { text-align: end }
@media (max-width: 32rem) { th:nth-child(4), td:nth-child(4) { display: none } }
`

const HEAD = `<table>
<thead><tr><th scope="col">Name<th scope="col">Type<th scope="col">Bytes<th scope="col">Modified</thead>
<tbody>
`

function row(child: Description): string {
  const size = child.fields.find(({ primary }) => primary)?.size
  const modified = child.modified
  return `<tr><th scope="row"><a href="${escaped(child['@id'])}">${escaped(nameOf(child))}</a>\
<td>${escaped(child['@type'])}<td>${size ?? ''}\
<td><time datetime="${modified}">${modified.slice(0, 16).replace('T', ' ')} UTC</time>\n`
}

function pages({ total, links }: Listing): string {
  if (links === null) return ''
  const items = [
    `<span>${total} objects</span>`,
    ...(links.prev === undefined
      ? []
      : [`<a rel="prev" href="${escaped(links.prev)}">Previous</a>`]),
    ...(links.next === undefined ? [] : [`<a rel="next" href="${escaped(links.next)}">Next</a>`]),
  ]
  return `<nav aria-label="Pages">${items.join(' · ')}</nav>\n`
}

function nameOf({ title, id }: Description): string {
  return title ?? id
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
}
