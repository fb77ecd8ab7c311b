/** A terminal, as far as it is needed. */
export interface Terminal {
  /** Lines it shows; undefined or 0 when it does not say. */
  readonly rows?: number
  write(text: string): unknown
}

/** Lines at the end of a terminal that change, below others that stay. */
export interface LiveLines {
  /** Shows these lines in place of those before. */
  show(lines: readonly string[]): void
  /** Writes a line that stays. */
  print(line: string): void
}

const USUAL_ROWS = 24
const BELOW = '\u001b[0J'
/** Lines longer than the terminal is wide are cut by it, not wrapped: each takes one row. */
const [CUT, WRAP] = ['\u001b[?7l', '\u001b[?7h']

/** Draws on a terminal. */
export function liveLines(terminal: Terminal): LiveLines {
  let shown: readonly string[] = []

  const cleared = (): string => (shown.length === 0 ? '' : `\u001b[${shown.length}A\r${BELOW}`)
  const drawn = (lines: readonly string[]): string =>
    lines.length === 0 ? '' : `${CUT}${lines.map((line) => `${line}\n`).join('')}${WRAP}`

  return {
    show(lines) {
      const fitting = fit(lines, (terminal.rows || USUAL_ROWS) - 2)
      if (fitting.length === 0 && shown.length === 0) return
      terminal.write(cleared() + drawn(fitting))
      shown = fitting
    },
    print(line) {
      terminal.write(`${cleared()}${line}\n${drawn(shown)}`)
    },
  }
}

/** What has scrolled out of sight cannot be drawn anew. */
function fit(lines: readonly string[], rows: number): readonly string[] {
  const kept = Math.max(1, rows - 1)
  if (lines.length <= kept + 1) return lines
  return [...lines.slice(0, kept), `     … and ${lines.length - kept} more`]
}
