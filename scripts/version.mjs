#!/usr/bin/env node
// Runs `changeset version` without one of its rules.
//
// Changesets makes a major release of each package whose peer dependency leaves its range. Below 1.0
// every minor version leaves `^0.x`, so the first feature would release 1.0.0. All packages here share
// one version and are released together, and `workspace:^` moves each range to that version. This
// script therefore hides the peer ranges between our own packages from Changesets.
import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const packages = join(import.meta.dirname, '../packages')
const read = (path) => JSON.parse(readFileSync(path, 'utf8'))
const setPeers = (path, peerDependencies) =>
  writeFileSync(path, `${JSON.stringify({ ...read(path), peerDependencies }, null, 2)}\n`)
const hidden = readdirSync(packages)
  .map((folder) => join(packages, folder, 'package.json'))
  .map((path) => ({ path, peers: Object.entries(read(path).peerDependencies ?? {}) }))
  .filter(({ peers }) => peers.length > 0)

try {
  for (const { path, peers } of hidden) {
    setPeers(path, Object.fromEntries(peers.filter(([, range]) => !range.startsWith('workspace:'))))
  }
  execFileSync('changeset', ['version', ...process.argv.slice(2)], { stdio: 'inherit' })
} finally {
  for (const { path, peers } of hidden) setPeers(path, Object.fromEntries(peers))
}
