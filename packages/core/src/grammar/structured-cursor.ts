/** A position in a text. It moves forward as the text is read. */
export interface Cursor {
  isAtEnd(): boolean
  /** The next character; an empty string at the end. */
  peek(): string
  /** Reads `character` if it is the next one. Returns whether it was. */
  take(character: string): boolean
  /** Reads the next characters as long as they are among `characters`. */
  skip(characters: string): void
  /** Reads the match of a sticky expression at this position; null if there is none. */
  match(expression: RegExp): string | null
}

/** Starts to read a text. */
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

/** Throws for a text that is not well-formed. */
export function fail(): never {
  throw new SyntaxError('the text is not a structured field')
}
