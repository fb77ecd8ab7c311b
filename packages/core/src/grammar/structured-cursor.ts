/** A place in a text that moves forward as the text is read. */
export interface Cursor {
  isAtEnd(): boolean
  /** The next character; an empty string at the end. */
  peek(): string
  /** Reads `character` if it is the next one, and returns whether it was. */
  take(character: string): boolean
  /** Reads all of the next characters that are among `characters`. */
  skip(characters: string): void
  /** Reads what a sticky expression finds at this place; null if it finds nothing. */
  match(expression: RegExp): string | null
}

/** Begins to read a text. */
export function cursorOver(text: string): Cursor {
  let at = 0
  return {
    isAtEnd: () => at >= text.length,
    peek: () => text.charAt(at),
    take(character) {
      if (text.charAt(at) !== character) return false
      at += 1
      return true
    },
    skip(characters) {
      while (at < text.length && characters.includes(text.charAt(at))) at += 1
    },
    match(expression) {
      expression.lastIndex = at
      const [found] = expression.exec(text) ?? []
      if (found === undefined) return null
      at += found.length
      return found
    },
  }
}

/** Ends the reading of a text that is not well-formed. */
export function fail(): never {
  throw new SyntaxError('this is no structured field')
}
