/** An element of an XML document: the storage uses neither attributes nor mixed content. */
export interface XmlElement {
  readonly name: string
  readonly text: string
  readonly children: readonly XmlElement[]
}

const TOKEN = /<\?[^>]*\?>|<(\/?)([A-Za-z][\w.:-]*)((?:\s[^<>]*?)?)(\/?)>|([^<]+)/gy

/**
 * Reads the XML that a storage answers. Strict: a document type, a comment, or an element that is not
 * closed is refused, so that a cut or foreign document is never taken for an answer.
 */
export function parseXml(document: string): XmlElement {
  const root = { name: '', text: '', children: [] as XmlElement[] }
  const open = [root]
  let at = 0
  TOKEN.lastIndex = 0
  for (let match = TOKEN.exec(document); match !== null; match = TOKEN.exec(document)) {
    at = TOKEN.lastIndex
    const [, closing, name, , empty, text] = match
    const parent = open.at(-1) ?? root
    if (text !== undefined) {
      parent.text += decoded(text)
    } else if (name !== undefined && closing === '/') {
      if (open.length === 1 || parent.name !== name) throw malformed()
      open.pop()
    } else if (name !== undefined) {
      const element = { name, text: '', children: [] }
      parent.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  const [first] = root.children
  const isWhole = at === document.length && open.length === 1 && root.children.length === 1
  if (!isWhole || first === undefined || root.text.trim() !== '') throw malformed()
  return first
}

/** The first child with a name. */
export function child(element: XmlElement, name: string): XmlElement | null {
  return element.children.find((one) => one.name === name) ?? null
}

/** The text of the first child with a name; empty when there is none. */
export function textOf(element: XmlElement, name: string): string {
  return child(element, name)?.text ?? ''
}

/** The children with a name. */
export function childrenOf(element: XmlElement, name: string): readonly XmlElement[] {
  return element.children.filter((one) => one.name === name)
}

/** Text as it stands between two tags. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string): string {
  return text.replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));|&/g, (_, decimal, hex, name) => {
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(String(hex), 16))
    const character = NAMED[String(name)]
    if (character === undefined) throw malformed()
    return character
  })
}

function malformed(): Error {
  return new Error('the storage answered something that is not well-formed XML')
}
