import { expect, it } from 'vitest'
import type { Terminal } from './terminal-lines.ts'
import { liveLines } from './terminal-lines.ts'

const ESC = '\u001b'
const TOKEN = new RegExp(`${ESC}\\[[0-9?]+[AJlh]|\r|\n|[^\r\n${ESC}]+`, 'g')

/** A terminal, and what it shows after all that was written to it. */
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

it('lines that change are drawn over, and those that stay come above them', () => {
  const terminal = screen()
  const lines = liveLines(terminal)
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

it('no more are drawn than there are rows', () => {
  const terminal = screen(6)
  liveLines(terminal).show(['a', 'b', 'c', 'd', 'e'])
  expect(terminal.lines()).toEqual(['a', 'b', 'c', '     … and 2 more'])
})

it('a terminal that does not say how large it is gets them all', () => {
  for (const terminal of [screen(), screen(0)]) {
    liveLines(terminal).show(['a', 'b', 'c'])
    expect(terminal.lines()).toEqual(['a', 'b', 'c'])
  }
})

it('writes nothing but lines where none change', () => {
  let written = ''
  const lines = liveLines({ write: (text) => (written += text) })
  lines.show([])
  lines.print('a')
  lines.show([])
  expect(written).toBe('a\n')
})
