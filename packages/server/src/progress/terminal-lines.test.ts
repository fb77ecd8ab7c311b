import { expect, it } from 'vitest'
import type { Terminal } from './terminal-lines.ts'
import { terminalLines } from './terminal-lines.ts'

const ESC = '\u001b'
const TOKEN = new RegExp(`${ESC}\\[[0-9?]+[AJlh]|\r|\n|[^\r\n${ESC}]+`, 'g')

/** A terminal that interprets the few control sequences in use. `lines` returns what it shows. */
function screen(rows?: number): Terminal & { lines(): string[] } {
  let lines = ['']
  return {
    ...(rows === undefined ? {} : { rows }),
    write(text) {
      for (const [token] of text.matchAll(TOKEN)) {
        if (token === '\n') lines.push('')
        else if (token === `${ESC}[0J`) lines[lines.length - 1] = ''
        else if (token.endsWith('A') && token.startsWith(ESC)) {
          lines = lines.slice(0, lines.length - Number(/\d+/.exec(token)?.[0]))
        } else if (token !== '\r' && !token.startsWith(ESC)) lines[lines.length - 1] += token
      }
    },
    lines: () => lines.slice(0, -1),
  }
}

it('terminalLines redraws moving lines below the printed ones', () => {
  const terminal = screen()
  const lines = terminalLines(terminal)
  lines.print('welcome')
  lines.show(['a 1%', 'b 1%'])
  lines.show(['a 2%', 'b 2%'])
  lines.print('c started')
  lines.show(['a 3%', 'b 3%', 'c 0%'])
  expect(terminal.lines()).toEqual(['welcome', 'c started', 'a 3%', 'b 3%', 'c 0%'])
  lines.print('b complete')
  lines.show(['a 4%'])
  lines.show([])
  lines.print('bye')
  expect(terminal.lines()).toEqual(['welcome', 'c started', 'b complete', 'bye'])
})

it('terminalLines draws no more lines than the terminal has rows', () => {
  const terminal = screen(6)
  terminalLines(terminal).show(['a', 'b', 'c', 'd', 'e'])
  expect(terminal.lines()).toEqual(['a', 'b', 'c', '     … and 2 more'])
})

it('terminalLines draws all lines on a terminal of unknown size', () => {
  for (const terminal of [screen(), screen(0)]) {
    terminalLines(terminal).show(['a', 'b', 'c'])
    expect(terminal.lines()).toEqual(['a', 'b', 'c'])
  }
})

it('terminalLines writes no control sequences without moving lines', () => {
  let written = ''
  const lines = terminalLines({ write: (text) => (written += text) })
  lines.show([])
  lines.print('a')
  lines.show([])
  expect(written).toBe('a\n')
})
