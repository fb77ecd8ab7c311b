import { expect, it } from 'vitest'
import { splitName } from './split-name.ts'

it.each(['', 'notes.txt', 'a'.repeat(24)])('does not cut the short name "%s"', (name) => {
  expect(splitName(name)).toEqual({ head: name, tail: '' })
})

it('keeps the extension of a long name in one part', () => {
  const { head, tail } = splitName('A very long report about everything v3.pdf')
  expect(tail).toBe('ing v3.pdf')
  expect(head + tail).toBe('A very long report about everything v3.pdf')
})

it('does not tear letters apart that need several characters', () => {
  const { tail } = splitName(`${'x'.repeat(20)}${'👩‍🚀'.repeat(12)}`)
  expect(tail).toBe('👩‍🚀'.repeat(10))
})
