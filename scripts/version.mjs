#!/usr/bin/env node
// Runs `changeset version` without one of its rules.
//
// Changesets makes a major release of each package whose peer dependency leaves its range. Below 1.0
// every minor version leaves `^0.x`, so the first feature would release 1.0.0. All packages here share
// one version and are released together, and `workspace:^` moves each range to that version. This
// script therefore hides the peer ranges between our own packages from Changesets.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const manifests = readdirSync(join(root, 'packages'))
  .map((folder) => join(root, 'packages', folder, 'package.json'))
  .filter((path) => existsSync(path))
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const write = (path, manifest) => writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`)
const isOurs = ([name, range]) => name.startsWith('@tusker/') && range.startsWith('workspace:')

const hidden = manifests
  .map((path) => ({ path, peers: read(path).peerDependencies }))
  .filter(({ peers }) => Object.entries(peers ?? {}).some(isOurs))

try {
  for (const { path, peers } of hidden) {
    const others = Object.entries(peers).filter((peer) => !isOurs(peer))
    write(path, { ...read(path), peerDependencies: Object.fromEntries(others) })
  }
  const cli = join(root, 'node_modules/@changesets/cli/bin.js')
  const { status } = spawnSync(process.execPath, [cli, 'version', ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
} finally {
  for (const { path, peers } of hidden) write(path, { ...read(path), peerDependencies: peers })
}
