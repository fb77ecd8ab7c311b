import { jsonOf } from './json.ts'
import { lineOf, progressLine } from './lines.ts'
import type { Terminal } from './terminal-lines.ts'
import { liveLines } from './terminal-lines.ts'
import type { Notice, Running } from './progress-event.ts'

/** Tells what happens. */
export interface Reporter {
  /** Says something that is for people alone. */
  say(text: string): void
  notice(notice: Notice): void
  /** Begins to show the uploads under way, where that is possible. */
  follow(running: () => readonly Running[]): void
  stop(): void
}

/** Milliseconds between two drawings. */
const REDRAW = 250

/** A reporter of objects of JSON, one a line, for programs. What is for people goes to `aside`. */
export function jsonReporter(output: Terminal, aside: Terminal): Reporter {
  return {
    say: (text) => void aside.write(`${text}\n`),
    notice: (notice) => void output.write(`${jsonOf(notice, new Date())}\n`),
    follow: () => {},
    stop: () => {},
  }
}

/** A reporter of lines for people. On a terminal each upload under way has one that moves on. */
export function textReporter(output: Terminal, isTerminal: boolean): Reporter {
  const lines = liveLines(output)
  let draw = (): void => {}
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    say: (text) => lines.print(text),
    notice(notice) {
      lines.print(`${new Date().toTimeString().slice(0, 8)} ${lineOf(notice)}`)
      draw()
    },
    follow(running) {
      if (!isTerminal) return
      draw = () => lines.show(running().map(progressLine))
      timer = setInterval(draw, REDRAW)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      lines.show([])
    },
  }
}
