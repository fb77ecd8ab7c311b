import { describe, expect, it } from 'vitest'
import { manifestFaults } from './packages/manifest.mjs'
import { entriesOf, published } from './packages/published.mjs'
import { sizeFaults } from './packages/sizes.mjs'

const [core] = published().filter(({ folder }) => folder === 'core')
const changed = (changes) => ({ ...core, manifest: { ...core.manifest, ...changes } })

it.each(published().map((one) => [one.folder, one]))('%s says what it has to say', (_, one) => {
  expect(manifestFaults(one)).toEqual([])
})

describe('a manifest is refused', () => {
  it.each([
    [{ name: '@tusker/score' }, 'the folder is called core'],
    [{ type: 'commonjs' }, '"type" has to be "module"'],
    [{ sideEffects: true }, '"sideEffects" has to be false'],
    [{ license: 'ISC' }, '"license" has to be MIT'],
    [{ engines: {} }, '"engines.node" has to be >=20.19.0'],
    [{ repository: undefined }, '"repository" has to name the folder'],
    [{ homepage: 'https://example.com' }, '"homepage" has to be its README'],
    [{ description: '' }, 'a "description" is missing'],
    [{ keywords: ['upload'] }, '"keywords" have to include tus'],
    [
      { publishConfig: { ...core.manifest.publishConfig, access: 'restricted' } },
      '"publishConfig.access" has to be public',
    ],
    [
      { publishConfig: { access: 'public', exports: core.manifest.exports } },
      '"publishConfig.exports" has to be "exports" without @tusker/source',
    ],
  ])('with %j', (changes, fault) => {
    expect(manifestFaults(changed(changes))).toEqual([fault])
  })
})

it('a package that is too large is refused, by its name', () => {
  const budget = { packed: 10, bundled: 1 }
  const sizes = [
    { name: 'small', packed: 10_000, bundled: 1_000, budget },
    { name: 'large', packed: 10_001, bundled: 2_000, budget },
  ]
  expect(sizeFaults(sizes)).toEqual([
    'large: packed it has 10.0 kB, more than the 10 kB in scripts/packages/budgets.json',
    'large: bundled it has 2.0 kB, more than the 1 kB in scripts/packages/budgets.json',
  ])
})

it('only what can be imported is an entry', () => {
  expect(entriesOf(core)).toEqual([{ specifier: '@tusker/core', file: './dist/index.js' }])
  expect(published().filter((one) => entriesOf(one).length === 0)).toMatchObject([
    { folder: 'server' },
  ])
})
