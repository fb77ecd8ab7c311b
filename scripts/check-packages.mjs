#!/usr/bin/env node
// Uses the packed packages as a stranger does: installs the tarballs into an empty project, compiles programs
// against them, and runs programs with them. `npm run check:packages` builds and packs first, and runs publint,
// attw and size-limit, which check each package by itself. `--thorough` repeats the runs on every line of Node.
import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call, npm, readJson, root } from './packages/call.mjs'

const NODES = ['20.19.0', '22.23.3', '24.21.0', '26.10.0']
const packed = join(root, 'node_modules/.cache/tusker-packed')
const scratch = mkdtempSync(join(tmpdir(), 'tusker-packages-'))

try {
  await install()
  const entries = readdirSync(join(root, 'packages')).flatMap(checkPackage)
  await compile()
  await use(process.execPath, entries)
  if (process.argv.includes('--thorough')) {
    const nameOf = (version) => `node-${process.platform}-${process.arch}@${version}`
    for (const version of NODES) await use('npx', entries, ['-y', '-p', nameOf(version), 'node'])
  }
  console.log('All packages are ready to publish.')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}

/** An empty npm project with the tarballs, and with the declarations that users of TypeScript have. */
async function install() {
  cpSync(join(root, 'scripts/packages/stranger'), scratch, { recursive: true })
  for (const name of ['node', 'express', 'koa', 'fastify']) {
    cpSync(join(root, `examples/${name}.ts`), join(scratch, `${name}.ts`))
  }
  writeFileSync(join(scratch, 'package.json'), '{ "private": true, "type": "module" }')
  const { devDependencies: demo } = readJson(root, 'apps/demo/package.json')
  const types = ['@types/express', '@types/koa'].map((name) => `${name}@${demo[name]}`)
  types.push(`@types/node@${readJson(root, 'node_modules/@types/node/package.json').version}`)
  const tarballs = readdirSync(packed).map((file) => join(packed, file))
  await npm(scratch, ['install', '--prefer-offline', ...tarballs, ...types])
}

/** Checks what publint does not know of an installed package, and returns its entries. */
function checkPackage(folder) {
  const home = join(scratch, 'node_modules/@tusker', folder)
  const { bin, engines, exports, license, name, peerDependencies, type } = readJson(
    home,
    'package.json',
  )
  const common = { license, type, node: engines?.node }
  assert.deepEqual(common, { license: 'MIT', type: 'module', node: '>=20.19.0' }, name)
  const files = readdirSync(home, { recursive: true })
  const stray = files.filter((path) => /\.test\.|(^|\/)test\/|\.tsbuildinfo$|\.env/.test(path))
  const missing = ['README.md', 'LICENSE'].filter((file) => !existsSync(join(home, file)))
  // Some entries are for the tests of this repository only: the sources are their one condition.
  const entries = Object.entries(readJson(root, 'packages', folder, 'package.json').exports)
  const forgotten = entries.filter(([path, to]) => !(path in exports) && Object.keys(to).length > 1)
  assert.deepEqual({ stray, missing, forgotten }, { stray: [], missing: [], forgotten: [] }, name)
  // Contracts are tests: vitest loads in its own runs only.
  const isLoadable = bin === undefined && !('vitest' in (peerDependencies ?? {}))
  const programs = Object.entries(exports).filter(([, target]) => typeof target !== 'string')
  return isLoadable ? programs.map(([path]) => `${name}${path.slice(1)}`) : []
}

/** Compiles the programs as users of each way to resolve modules do. */
async function compile() {
  const programs = ['use.mts', 'node.ts', 'express.ts', 'fastify.ts']
  // Checking all declarations takes long, and how modules are resolved hardly matters for it.
  const skipped = String(!process.argv.includes('--thorough'))
  const ways = [
    ['node16', 'node16', '--skipLibCheck', 'false', ...programs],
    ['esnext', 'bundler', '--skipLibCheck', skipped, ...programs],
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

/** Loads each entry, uploads something, and runs the command of the server. */
async function use(command, entries, prefix = []) {
  const run = (...args) => call(command, [...prefix, ...args], { cwd: scratch })
  await run('--no-warnings', 'use.mjs', ...entries)
  const version = await run('node_modules/@tusker/server/dist/main.js', '--version')
  console.log(`Used on Node ${(await run('--version')).trim()}, server ${version.trim()}.`)
}
