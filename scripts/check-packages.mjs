#!/usr/bin/env node
// Looks at every published package as npm will see it: packs it, lints the tarball, installs all
// tarballs into an empty project and loads them there. Build first: `npm run check:packages` does.
//
//   node scripts/check-packages.mjs [package ...]     core, store-fs, ...; all when none is named
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = mkdtempSync(join(tmpdir(), 'tusker-packages-'))
const condition = '@tusker/source'
const wanted = process.argv.slice(2)
const problems = []

try {
  const packages = readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name: folder }) => ({ folder, ...manifestOf(folder) }))
    .filter(({ manifest }) => manifest.private !== true)
  const packed = packages.map(pack)
  const checked = packed.filter(({ folder }) => wanted.length === 0 || wanted.includes(folder))
  for (const one of checked) {
    checkManifest(one)
    checkTarball(one)
    console.log(`${one.manifest.name}: ${one.files.length} files, ${one.size} bytes packed`)
  }
  useAsStranger(packed, checked)
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

for (const problem of problems) console.error(`✗ ${problem}`)
if (problems.length > 0) process.exitCode = 1
else console.log('All packages are fit to publish.')

function manifestOf(folder) {
  const directory = join(root, 'packages', folder)
  return { directory, manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) }
}

function pack(one) {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  const output = call(process.execPath, [pnpm, 'pack', '--json', '--pack-destination', scratch], {
    cwd: one.directory,
  })
  const { filename } = JSON.parse(output.slice(output.indexOf('{')))
  const files = call('tar', ['tf', filename]).trim().split('\n')
  const size = readFileSync(filename).length
  return {
    ...one,
    tarball: filename,
    files: files.map((path) => path.slice('package/'.length)),
    size,
  }
}

/** What the workspace says of a package, beside what npm will be told. */
function checkManifest({ folder, manifest }) {
  const refuse = (problem) => problems.push(`${manifest.name}: ${problem}`)
  if (manifest.name !== `@tusker/${folder}`) refuse(`the folder is called ${folder}`)
  if (manifest.type !== 'module') refuse('"type" has to be "module"')
  if (manifest.sideEffects !== false) refuse('"sideEffects" has to be false')
  if (manifest.license !== 'MIT') refuse('"license" has to be MIT')
  if (manifest.engines?.node !== '>=20.19.0') refuse('"engines.node" has to be >=20.19.0')
  if (manifest.repository?.directory !== `packages/${folder}`) refuse('"repository.directory"')
  if (!manifest.description || !manifest.keywords?.includes('tus')) refuse('description, keywords')
  if (!isDeepStrictEqual(manifest.publishConfig?.exports, withoutCondition(manifest.exports))) {
    refuse(`"publishConfig.exports" has to be "exports" without ${condition}`)
  }
  for (const [path, target] of Object.entries(manifest.exports)) {
    if (typeof target !== 'string' && Object.keys(target)[0] !== condition) {
      refuse(`exports["${path}"]: ${condition} comes first`)
    }
  }
}

function withoutCondition(exports) {
  const entries = Object.entries(exports).map(([path, target]) => {
    if (typeof target === 'string') return [path, target]
    const { [condition]: _source, ...published } = target
    return [path, published]
  })
  return Object.fromEntries(entries)
}

function checkTarball({ manifest, tarball, files }) {
  const refuse = (problem) => problems.push(`${manifest.name}: ${problem}`)
  for (const needed of ['package.json', 'README.md', 'LICENSE']) {
    if (!files.includes(needed)) refuse(`no ${needed} in the tarball`)
  }
  if (!files.some((path) => path.startsWith('dist/'))) refuse('no dist in the tarball: build first')
  const stray = files.filter((path) => /\.test\.|(^|\/)test\/|\.tsbuildinfo$|\.env/.test(path))
  if (stray.length > 0) refuse(`in the tarball: ${stray.join(', ')}`)

  const published = call('tar', ['xOf', tarball, 'package/package.json'])
  const leak = /workspace:|catalog:|@tusker\/source|"prepack"/.exec(published)
  if (leak) refuse(`the published manifest says ${leak[0]}`)

  tool('publint/src/cli.js', ['--strict', tarball], refuse)
  tool(
    '@arethetypeswrong/cli/dist/index.js',
    [tarball, '--profile', 'esm-only', '--no-emoji', '--format', 'ascii'],
    refuse,
  )
}

/** An empty project that npm installs the tarballs into loads each by `import` and by `require`. */
function useAsStranger(packed, checked) {
  const app = join(scratch, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  call(
    'npm',
    [
      ...['install', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'],
      ...packed.map(({ tarball }) => tarball),
    ],
    { cwd: app, shell: process.platform === 'win32' },
  )
  for (const { manifest } of checked) {
    for (const [entry, target] of Object.entries(manifest.publishConfig.exports)) {
      if (typeof target === 'string') continue
      const specifier = join(manifest.name, entry).replaceAll('\\', '/')
      // Contracts are tests: vitest refuses to be loaded anywhere but in its own runs.
      const inVitest = 'vitest' in (manifest.peerDependencies ?? {})
      const loads = inVitest ? { test: vitestFile } : { import: importFile, require: requireFile }
      for (const [how, write] of Object.entries(loads)) {
        try {
          write(app, specifier)
        } catch (error) {
          problems.push(`${how} of ${specifier}: ${String(error.stderr || error.message).trim()}`)
        }
      }
    }
  }
}

function importFile(cwd, specifier) {
  const code = `const names = Object.keys(await import('${specifier}'))
if (names.length === 0) throw new Error('exports nothing')`
  call(process.execPath, ['--input-type=module', '--eval', code], { cwd })
}

function requireFile(cwd, specifier) {
  const code = `if (Object.keys(require('${specifier}')).length === 0) throw new Error('exports nothing')`
  call(process.execPath, ['--no-warnings', '--input-type=commonjs', '--eval', code], { cwd })
}

function vitestFile(cwd, specifier) {
  writeFileSync(
    join(cwd, 'load.test.js'),
    `import { expect, test } from 'vitest'
import * as names from '${specifier}'
test('loads', () => expect(Object.keys(names)).not.toHaveLength(0))\n`,
  )
  call(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], { cwd })
}

function tool(path, args, refuse) {
  try {
    call(process.execPath, [join(root, 'node_modules', path), ...args])
  } catch (error) {
    refuse(`${path.split('/src/')[0].split('/dist/')[0]}:\n${error.stdout}${error.stderr}`)
  }
}

function call(command, args, options = {}) {
  return execFileSync(command, args, {
    cwd: scratch,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
