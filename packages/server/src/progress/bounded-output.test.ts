import { expect, it } from 'vitest'
import { boundedOutput } from './bounded-output.ts'

it('an output drops texts while its reader leaves too many bytes waiting', () => {
  const written: string[] = []
  const stream = { rows: 30, writableLength: 0, write: (text: string) => written.push(text) }
  const output = boundedOutput(stream, 10)
  output.write('one')
  stream.writableLength = 11
  output.write('two')
  stream.writableLength = 0
  output.write('three')
  expect(written).toEqual(['one', 'three'])
  expect(output.rows).toBe(30)
})
