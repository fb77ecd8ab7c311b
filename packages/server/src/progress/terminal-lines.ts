/** The part of a terminal that is used. */
export interface Terminal {
  /** The number of rows; undefined or 0 when the terminal does not report it. */
  readonly rows?: number
  write(text: string): unknown
}

/** Moving lines at the end of a terminal, below printed lines that stay. */
export interface TerminalLines {
  /** Replaces the moving lines. */
  show(lines: readonly string[]): void
  /** Prints a line that stays, above the moving lines. */
  print(line: string): void
}

const USUAL_ROWS = 24
const BELOW = '\u001b[0J'
/** The terminal cuts lines that are too long and does not wrap them, so each takes one row. */
const [CUT, WRAP] = ['\u001b[?7l', '\u001b[?7h']

/** Draws moving lines on a terminal. */
export function terminalLines(terminal: Terminal): TerminalLines {
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

/** A row that has scrolled out of sight cannot be drawn again, so only some lines are shown. */
function fit(lines: readonly string[], rows: number): readonly string[] {
  const kept = Math.max(1, rows - 1)
  if (lines.length <= kept + 1) return lines
  return [...lines.slice(0, kept), `     … and ${lines.length - kept} more`]
}
