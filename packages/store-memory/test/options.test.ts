import { expect, it } from 'vitest'
import { memoryStore } from '../src/index.ts'

it.each([
  [{ maxLength: -1 }, /memoryStore: maxLength must be .*, not -1/],
  [{ maxSize: 5 }, /memoryStore: there is no option `maxSize`, did you mean `maxLength`\?/],
])('memoryStore refuses the options %j', (options, message) => {
  expect(() => memoryStore(options as object)).toThrow(message)
})

it('memoryStore reads a limit that is text', () => {
  expect(memoryStore({ maxLength: '1MiB' }).maxLength).toBe(2 ** 20)
})
