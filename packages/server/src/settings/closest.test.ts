import { expect, it } from 'vitest'
import { closestTo } from './closest.ts'

it.each<[string, string | null]>([
  ['prot', 'port'],
  ['max-sise', 'max-size'],
  ['maxsize', 'max-size'],
  ['pth', 'path'],
  ['colour', null],
  ['', null],
])('closestTo finds for %j the name %j', (text, expected) => {
  expect(closestTo(text, ['port', 'path', 'max-size', 'downloads'])).toBe(expected)
})
