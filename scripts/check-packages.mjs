#!/usr/bin/env node
// Looks at every published package as npm will see it: packs it, lints the tarball, weighs it, installs
// all tarballs into an empty project, and uses them there from TypeScript, by `import` and by `require`.
// Build first: `npm run check:packages` does.
//
//   node scripts/check-packages.mjs [--all-nodes] [package ...]     core, store-fs, ...
//
// Without names it checks all packages. `--all-nodes` uses them on every line of Node that is alive.
import { parseArgs } from 'node:util'
import { manifestFaults, tarballFaults } from './packages/manifest.mjs'
import { otherNodes, thisNode } from './packages/nodes.mjs'
import { packInto, published } from './packages/published.mjs'
import { scratchDirectory } from './packages/scratch.mjs'
import { sizeFaults, sizesOf, sizeTable } from './packages/sizes.mjs'
import { contractFaults, loadFaults, strangerIn, typeFaults } from './packages/stranger.mjs'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'all-nodes': { type: 'boolean', default: false } },
})

const faults = await faultsIn(scratchDirectory('packages'))
for (const fault of faults) console.error(`✗ ${fault}`)
if (faults.length > 0) process.exitCode = 1
else console.log('All packages are fit to publish.')

async function faultsIn(directory) {
  const packed = await Promise.all(published().map((one) => packInto(directory, one)))
  const checked = packed.filter(
    ({ folder }) => positionals.length === 0 || positionals.includes(folder),
  )
  const sizes = await sizesOf(checked)
  console.log(sizeTable(sizes))
  const [ofUse, ...ofEach] = await Promise.all([
    usageFaults(directory, packed, checked),
    ...checked.map(packageFaults),
  ])
  return [...ofEach.flat(), ...sizeFaults(sizes), ...ofUse]
}

async function packageFaults(one) {
  const faults = [...manifestFaults(one), ...(await tarballFaults(one))]
  return faults.map((fault) => `${one.manifest.name}: ${fault}`)
}

async function usageFaults(directory, packed, checked) {
  const app = await strangerIn(directory, packed)
  const nodes = [thisNode, ...(values['all-nodes'] ? await otherNodes() : [])]
  const faults = await Promise.all([
    typeFaults(app),
    contractFaults(app, checked),
    ...nodes.map((node) => loadFaults(app, checked, node)),
  ])
  console.log(`Used on Node ${nodes.map(({ version }) => version).join(', ')}.`)
  return faults.flat()
}
