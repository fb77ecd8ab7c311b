/** Names of up to so many letters are not cut: they fit nearly everywhere. */
const SHORT = 24

/** Letters that stay in sight at the end of a name: an extension, and some before it. */
const TAIL = 10

/** The beginning of a name, and the end that stays in sight where there is no room for all of it. */
export function splitName(name: string): { readonly head: string; readonly tail: string } {
  // A surrogate pair, or a letter with its marks, must not be torn apart.
  const letters = [...new Intl.Segmenter().segment(name)].map(({ segment }) => segment)
  if (letters.length <= SHORT) return { head: name, tail: '' }
  return { head: letters.slice(0, -TAIL).join(''), tail: letters.slice(-TAIL).join('') }
}
