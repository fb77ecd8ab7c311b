#!/usr/bin/env node
// Plays a whole release through, in a copy of the work tree and with a registry of our own: version,
// publish, install by version, run the README's example and the command. Build first:
// `npm run check:release` does.
import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call } from './packages/call.mjs'
import { published } from './packages/published.mjs'
import { scratchDirectory } from './packages/scratch.mjs'
import { runCommand, runExample } from './release/customer.mjs'
import { startRegistry } from './release/registry.mjs'
import { git, versionsIn, workCopy } from './release/work-copy.mjs'

const scratch = scratchDirectory('release')
const names = published().map(({ manifest }) => manifest.name)
let registry = null

try {
  const copy = await step('copied the work tree', () => workCopy(scratch))
  const version = await step('made the next version', () => versioned(copy))
  registry = await step('started a registry', () => startRegistry(scratch))
  await step(`published ${names.length} packages as ${version}`, () => publish(copy, version))
  await step('published nothing twice', () => publishAgain(copy))
  const installed = await step('ran the example, installed by version', () =>
    runExample(scratch, { url: registry.url, version }),
  )
  await step('ran the server in one command', () =>
    runCommand(scratch, { url: registry.url, version }),
  )
  console.log(`${version} can be released. The example stands on ${installed.join(', ')}.`)
} catch (error) {
  console.error(`✗ ${error.message}`)
  process.exitCode = 1
} finally {
  await registry?.stop()
}

async function step(what, work) {
  const start = performance.now()
  const result = await work()
  console.log(`${what} (${((performance.now() - start) / 1_000).toFixed(1)} s)`)
  return result
}

/** The version that the waiting changes make, if there are any, and then one change of one package. */
async function versioned(copy) {
  if (waitingIn(copy).length > 0) await nextVersion(copy)
  const change = "---\n'@tusker/core': minor\n---\n\nTried out.\n"
  writeFileSync(join(copy, '.changeset/tried.md'), change)
  return nextVersion(copy)
}

/** All packages get one version, above the last one, each with a changelog; no change is left waiting. */
async function nextVersion(copy) {
  const [before] = versionsIn(copy)
  await call('npm', ['run', 'version'], { cwd: copy })
  const versions = new Set(versionsIn(copy))
  const [version] = versions
  demand(versions.size === 1, `the packages have the versions ${[...versions].join(', ')}`)
  demand(version !== before, `the version is ${before} still`)
  demand(version.split('.')[0] === before.split('.')[0], `a minor change of ${before}: ${version}`)
  demand(waitingIn(copy).length === 0, `changes are left waiting: ${waitingIn(copy).join(', ')}`)
  for (const { folder } of published()) {
    demand(existsSync(join(copy, 'packages', folder, 'CHANGELOG.md')), `${folder}: no changelog`)
  }
  await git(copy, 'add', '--all')
  await git(copy, 'commit', '--quiet', '--message=Release')
  return version
}

function waitingIn(copy) {
  const files = readdirSync(join(copy, '.changeset'))
  return files.filter((name) => name.endsWith('.md') && name !== 'README.md')
}

async function publish(copy, version) {
  await release(copy)
  for (const name of names) {
    const response = await fetch(`${registry.url}${name}`)
    const { versions } = await response.json()
    demand(Object.keys(versions ?? {}).join() === version, `${name} is not in the registry`)
  }
  const tags = (await git(copy, 'tag')).trim().split('\n').sort()
  const expected = names.map((name) => `${name}@${version}`).sort()
  demand(tags.join() === expected.join(), `the tags are ${tags.join(', ')}`)
}

async function publishAgain(copy) {
  const output = await release(copy)
  demand(!output.includes('New tag'), `published again: ${output}`)
}

/** As the workflow does it, but for the build, which is there, and the proof of where it comes from. */
async function release(copy) {
  const { host } = new URL(registry.url)
  writeFileSync(join(copy, '.npmrc'), `//${host}/:_authToken=${registry.token}\n`)
  const env = {
    ...process.env,
    npm_config_registry: registry.url,
    'npm_config_@tusker:registry': registry.url,
  }
  return call('npx', ['changeset', 'publish'], { cwd: copy, env })
}

function demand(holds, otherwise) {
  if (!holds) throw new Error(otherwise)
}
