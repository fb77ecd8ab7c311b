import { expect, it } from 'vitest'
import { readOptions } from './options.ts'

const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name)

it('the benchmark measures the floor of each chosen server, too', () => {
  expect(names(readOptions(['--servers', 'tusker,tusker-koa']).servers)).toEqual([
    'floor',
    'tusker',
    'koa-floor',
    'tusker-koa',
  ])
})

it('the benchmark takes a group of works by its name', () => {
  expect(names(readOptions(['--works', 'concat,head']).works)).toEqual(['head', 'final'])
})

it.each([
  [['--servers', 'apache'], 'there is no server or group "apache"'],
  [['--works', 'sleep'], 'there is no work or group "sleep"'],
  [['--rounds', '0'], '--rounds takes a whole number from 1'],
  [['--round', '3'], "Unknown option '--round'"],
])('the benchmark refuses %j and says why', (args, message) => {
  expect(() => readOptions(args)).toThrow(message)
})
