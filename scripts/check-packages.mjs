#!/usr/bin/env node
// Checks every published package as npm will see it: packs it, lints and weighs the tarball, installs all
// tarballs into an empty project, and uses them there from TypeScript, by `import` and by `require`.
// Build first: `npm run check:packages` does. `--thorough` adds attw, uses them on every line of Node, and
// follows docs/getting-started.md.
//
// publint, attw and size-limit do the checks of one package. They cannot install several unpublished
// packages together, nor compile and run programs that use them: that part is ours.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, npm, root } from './packages/call.mjs'
import { followGettingStarted } from './packages/getting-started.mjs'

const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0']
const tool = (path, ...args) => call(process.execPath, [join(root, 'node_modules', path), ...args])
const readJson = (path) => JSON.parse(readFileSync(join(root, path), 'utf8'))
const isThorough = process.argv.includes('--thorough')
const packed = join(root, 'node_modules/.cache/tusker-packed')
const published = readdirSync(join(root, 'packages'))
  .map((folder) => ({ folder, manifest: readJson(`packages/${folder}/package.json`) }))
  .filter(({ manifest }) => manifest.private !== true)

rmSync(packed, { recursive: true, force: true })
const names = published.map(({ manifest }) => `--filter=${manifest.name}`)
await tool('pnpm/bin/pnpm.cjs', '-r', ...names, 'pack', '--pack-destination', packed)
const tarballs = readdirSync(packed).map((file) => join(packed, file))
if (tarballs.length !== published.length) throw new Error('a package was not packed')

const scratch = mkdtempSync(join(tmpdir(), 'tusker-packages-'))
const attempts = [
  tool('size-limit/bin.js').then(console.log),
  lint(),
  install().then(async () => {
    await compile()
    await load(process.execPath)
    if (isThorough) for (const node of await nodes()) await load(node)
    if (isThorough) await followGettingStarted(published.map(withTarball))
  }),
]
const results = await Promise.allSettled(attempts)
rmSync(scratch, { recursive: true, force: true })
for (const { reason } of results) if (reason) console.error(`✗ ${reason.message}`)
if (results.some(({ reason }) => reason)) process.exitCode = 1
else console.log('All packages are ready to publish.')

function withTarball({ folder, manifest }) {
  const tarball = tarballs.find((path) => path.includes(`/tusker-${folder}-${manifest.version}.`))
  return { folder, manifest, tarball }
}

async function lint() {
  for (const { manifest, tarball } of published.map(withTarball)) {
    const { exports = {} } = manifest.publishConfig ?? {}
    const missing = Object.keys(manifest.exports).filter((path) => !(path in exports))
    const wanted = { license: 'MIT', type: 'module', 'engines.node': '>=20.19.0' }
    const actual = { ...manifest, 'engines.node': manifest.engines?.node }
    for (const [key, value] of Object.entries(wanted)) {
      if (actual[key] !== value) throw new Error(`${manifest.name}: "${key}" must be ${value}`)
    }
    // Some entries are for the tests of this repository only: their condition is their one target.
    const forgotten = missing.filter((path) => Object.keys(manifest.exports[path]).length > 1)
    if (forgotten.length > 0)
      throw new Error(`${manifest.name}: not in publishConfig: ${forgotten}`)
    const files = (await call('tar', ['tf', tarball])).trim().split('\n')
    const stray = files.filter((path) => /\.test\.|\/test\/|\.tsbuildinfo$|\.env/.test(path))
    if (stray.length > 0) throw new Error(`${manifest.name}: tests in the tarball: ${stray}`)
    for (const file of ['README.md', 'LICENSE']) {
      if (!files.includes(`package/${file}`)) throw new Error(`${manifest.name}: no ${file}`)
    }
    await tool('publint/src/cli.js', '--strict', tarball)
    const attw = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii']
    if (isThorough && manifest.bin === undefined) {
      await tool('@arethetypeswrong/cli/dist/index.js', tarball, ...attw)
    }
  }
}

/** An empty npm project with the tarballs, and with the declarations that users of TypeScript have. */
async function install() {
  cpSync(join(root, 'scripts/packages/stranger'), scratch, { recursive: true })
  for (const name of ['node', 'express', 'koa', 'fastify']) {
    cpSync(join(root, `examples/${name}.ts`), join(scratch, `${name}.ts`))
  }
  writeFileSync(join(scratch, 'package.json'), '{ "private": true, "type": "module" }')
  const { devDependencies: demo } = readJson('apps/demo/package.json')
  const types = ['@types/express', '@types/koa'].map((name) => `${name}@${demo[name]}`)
  const { version } = readJson('node_modules/@types/node/package.json')
  await npm(scratch, [
    'install',
    '--prefer-offline',
    ...tarballs,
    `@types/node@${version}`,
    ...types,
  ])
}

/** Compiles the programs as users of each way to resolve modules do. */
async function compile() {
  const programs = ['--skipLibCheck', 'false', 'use.mts', 'node.ts', 'express.ts', 'fastify.ts']
  const ways = [
    ['node16', 'node16', ...programs],
    ['esnext', 'bundler', ...programs],
    // The declarations of Koa conflict with those of the newest Express.
    ['nodenext', 'nodenext', '--skipLibCheck', 'use.cts', 'koa.ts'],
  ]
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--esModuleInterop', '--types', 'node']
  for (const [module, resolution, ...files] of ways) {
    const way = ['--target', 'es2022', '--module', module, '--moduleResolution', resolution]
    await call(process.execPath, [tsc, ...strict, ...way, ...files], { cwd: scratch })
  }
}

/** Loads each entry by `import` and by `require`, uploads something, and runs each command. */
async function load(node) {
  const libraries = published.filter(({ manifest }) => manifest.bin === undefined)
  // Contracts are tests: vitest loads in its own runs only.
  const entries = libraries
    .filter(({ manifest }) => !('vitest' in (manifest.peerDependencies ?? {})))
    .flatMap(({ manifest: { name, publishConfig } }) =>
      Object.entries(publishConfig.exports)
        .filter(([, target]) => typeof target !== 'string')
        .map(([path]) => `${name}${path.slice(1)}`),
    )
  for (const program of ['use.mjs', 'use.cjs']) {
    await call(node, ['--no-warnings', program, ...entries], { cwd: scratch })
  }
  const main = 'node_modules/@tusker/server/dist/main.js'
  const version = (await call(node, [main, '--version'], { cwd: scratch })).trim()
  console.log(
    `Used on Node ${(await call(node, ['--version'])).trim()}, @tusker/server ${version}.`,
  )
}

/** The other lines of Node, from npm packages that hold the binary, about 700 MB. */
async function nodes() {
  const cache = join(root, 'node_modules/.cache/tusker-nodes')
  const nameOf = (version) =>
    `node-${version}@npm:node-${process.platform}-${process.arch}@${version}`
  mkdirSync(cache, { recursive: true })
  writeFileSync(join(cache, 'package.json'), '{ "private": true }\n')
  await npm(cache, ['install', '--ignore-scripts', '--prefer-offline', ...NODES.map(nameOf)])
  return NODES.map((version) => join(cache, `node_modules/node-${version}/bin/node`))
}
