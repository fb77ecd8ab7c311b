import { expect, it } from 'vitest'
import { checkedLimits } from './limits.ts'

it('the limits of one request may be numbers of bytes or text', () => {
  expect(checkedLimits({ minSize: 5, maxAppendSize: '5MiB' })).toEqual({
    minSize: 5,
    maxAppendSize: 5 * 2 ** 20,
  })
})

it.each([{ minSize: 'much' }, { minAppendSize: -1 }, { maxAppendSize: Number.POSITIVE_INFINITY }])(
  'the limits %j of one request are refused',
  (limits) => {
    expect(() => checkedLimits(limits)).toThrow('must be a whole number of bytes')
  },
)
