// The values of two header lines are joined by a comma, so an element may be empty.
const ELEMENT = /[ \t]*(?:((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")[ \t]*)?(?:,|$)/y

/**
 * Reads a list of entity tags as in `If-Match` (RFC 9110, section 13.1.1). Each tag stays as it was sent. `*`
 * means any tag. Null if the field is malformed.
 */
export function parseEntityTags(field: string): readonly string[] | '*' | null {
  if (/^[ \t]*\*[ \t]*$/.test(field)) return '*'
  const tags: string[] = []
  ELEMENT.lastIndex = 0
  while (ELEMENT.lastIndex < field.length) {
    const element = ELEMENT.exec(field)
    if (element === null) return null
    if (element[1] !== undefined) tags.push(element[1])
  }
  return tags.length > 0 ? tags : null
}

/** Weak comparison (RFC 9110, section 8.8.3.2): the same tag, whether or not either is weak. */
export function sameTagWeakly(one: string, other: string): boolean {
  return one.replace(/^W\//, '') === other.replace(/^W\//, '')
}

/** Strong comparison: the same tag, and neither is weak. */
export function sameTagStrongly(one: string, other: string): boolean {
  return one === other && !one.startsWith('W/')
}
