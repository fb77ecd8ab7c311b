import { describe, expect, it } from 'vitest'
import { proxies } from '../index.ts'

describe('proxies', () => {
  const trusted = proxies('127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8')

  it.each(['127.0.0.1', '10.1.2.3', '::1', 'fd12::1', '::ffff:10.9.9.9', '::FFFF:127.0.0.1'])(
    'proxies trusts %s',
    (address) => {
      expect(trusted(address)).toBe(true)
    },
  )

  it.each(['127.0.0.2', '11.0.0.1', '::2', 'fe80::1', '::ffff:11.0.0.1', '', 'localhost', '10.1'])(
    'proxies does not trust "%s"',
    (address) => {
      expect(trusted(address)).toBe(false)
    },
  )

  it('proxies without arguments trusts no address', () => {
    expect(proxies()('127.0.0.1')).toBe(false)
  })

  it.each(['localhost', '10.0.0.0/33', '::1/129', '10.0.0.0/', '10.0.0.0/8/8', '10.0.0/8', ''])(
    'proxies refuses "%s" when it is created',
    (range) => {
      expect(() => proxies(range)).toThrow('a proxy must be')
    },
  )
})
