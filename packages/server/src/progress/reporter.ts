import { formatJson } from './json.ts'
import { formatLine, formatProgressLine } from './lines.ts'
import type { ProgressEvent, RunningUpload } from './progress-event.ts'
import type { Terminal } from './terminal-lines.ts'
import { terminalLines } from './terminal-lines.ts'

/** Writes events to the output of the command. */
export interface Reporter {
  report(event: ProgressEvent): void
  /** Prints a text for people. It is no event. */
  print(text: string): void
  /** Starts to show the uploads that receive bytes, when the output is a terminal. */
  showProgress(running: () => readonly RunningUpload[]): void
  stop(): void
}

/** Milliseconds between two drawings. */
const REDRAW = 250

/** Reports each event as a JSON object on a line of `output`. Texts for people go to `messages`. */
export function jsonReporter(output: Terminal, messages: Terminal): Reporter {
  return {
    report: (event) => void output.write(`${formatJson(event, new Date())}\n`),
    print: (text) => void messages.write(`${text}\n`),
    showProgress: () => {},
    stop: () => {},
  }
}

/** Reports lines for people. On a terminal each upload that receives bytes has a moving line. */
export function textReporter(output: Terminal, isTerminal: boolean): Reporter {
  const lines = terminalLines(output)
  let draw = (): void => {}
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    report(event) {
      // The greeting and the farewell say these in more words.
      if (event.kind === 'listening' || event.kind === 'stopping') return
      lines.print(`${new Date().toTimeString().slice(0, 8)} ${formatLine(event)}`)
      draw()
    },
    print: (text) => lines.print(text),
    showProgress(running) {
      if (!isTerminal) return
      draw = () => lines.show(running().map(formatProgressLine))
      timer = setInterval(draw, REDRAW)
      timer.unref()
    },
    stop() {
      clearInterval(timer)
      lines.show([])
    },
  }
}
