import { expect, it } from 'vitest'
import { memoryStore } from './index.ts'

it('memoryStore takes its limit as a number or as text, and announces no infinite one', () => {
  expect(memoryStore({ maxLength: 5 }).maxLength).toBe(5)
  expect(memoryStore({ maxLength: '1KiB' }).maxLength).toBe(1_024)
  expect(memoryStore({ maxLength: Number.POSITIVE_INFINITY }).maxLength).toBe(
    Number.MAX_SAFE_INTEGER,
  )
})

it('memoryStore refuses a limit that is no size, and unknown options', () => {
  expect(() => memoryStore({ maxLength: 'much' })).toThrow('maxLength must be')
  expect(() => memoryStore({ maxlength: 5 } as object)).toThrow('did you mean `maxLength`?')
})
