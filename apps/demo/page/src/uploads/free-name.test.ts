import { expect, it } from 'vitest'
import { freeName } from './free-name.ts'

it.each([
  ['notes.txt', [], 'notes.txt'],
  ['notes.txt', ['notes.txt'], 'notes (2).txt'],
  ['notes.txt', ['notes.txt', 'notes (2).txt'], 'notes (3).txt'],
  ['notes.txt', ['notes.txt', 'notes (3).txt'], 'notes (2).txt'],
  ['LICENSE', ['LICENSE'], 'LICENSE (2)'],
  ['.env', ['.env'], '.env (2)'],
  ['a. long sentence', ['a. long sentence'], 'a. long sentence (2)'],
  ['世界.png', ['世界.png'], '世界 (2).png'],
])('gives %s among %j the free name %s', (name, taken, free) => {
  expect(freeName(name, new Set(taken))).toBe(free)
})
