#!/usr/bin/env node
// Publishes the tarballs of a directory, except versions that the registry has: `node scripts/publish.mjs DIR`.
// The release job runs it with the right to publish, so it needs nothing but Node, npm and tar.
import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'

const [directory = '.'] = process.argv.slice(2)
for (const file of readdirSync(directory).filter((name) => name.endsWith('.tgz'))) {
  const tarball = join(directory, file)
  const text = execFileSync('tar', ['-xOf', tarball, 'package/package.json'], { encoding: 'utf8' })
  const { name, version } = JSON.parse(text)
  const found = spawnSync('npm', ['view', `${name}@${version}`, 'version'], { encoding: 'utf8' })
  if (found.status === 0 && found.stdout.trim() === version) continue
  execFileSync('npm', ['publish', `./${tarball}`, '--access', 'public'], { stdio: 'inherit' })
  console.log(`Published ${name}@${version}.`)
}
