// An empty npm project that has the packages from their tarballs, and knows nothing of the workspace.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { call, npm, root } from './call.mjs'
import { faultsOf } from './faults.mjs'
import { entriesOf } from './published.mjs'

const PROGRAMS = join(root, 'scripts/packages/stranger')
/** Those that need nothing but our packages and what these name as peers. */
const EXAMPLES = ['node.ts', 'express.ts', 'koa.ts', 'fastify.ts']

/** Makes the project in `scratch`, with the declarations a user of TypeScript has. */
export async function strangerIn(scratch, packed) {
  const app = join(scratch, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  cpSync(PROGRAMS, app, { recursive: true })
  for (const name of EXAMPLES) cpSync(join(root, 'examples', name), join(app, name))
  const tarballs = packed.map(({ tarball }) => tarball)
  // What was fetched once needs no network again.
  await npm(app, ['install', '--prefer-offline', ...tarballs, ...declarations()])
  return app
}

/** The declarations that the examples of this repository are checked with. */
function declarations() {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'apps/demo/package.json'), 'utf8'))
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const [, node] = /'@types\/node': (\S+)/.exec(workspace)
  const own = ['@types/express', '@types/koa'].map((name) => `${name}@${devDependencies[name]}`)
  return [`@types/node@${node}`, ...own]
}

/** Loads every entry on one Node by `import` and by `require`, and uploads something in both ways. */
export async function loadFaults(app, packed, { version, path }) {
  const entries = packed.filter(({ manifest }) => !inVitest(manifest)).flatMap(entriesOf)
  const specifiers = entries.map(({ specifier }) => specifier)
  const faults = ['use.mjs', 'use.cjs'].map((program) =>
    faultsOf(`${program} on Node ${version}`, () =>
      call(path, ['--no-warnings', program, ...specifiers], { cwd: app }),
    ),
  )
  const commands = packed.map(({ manifest }) => commandFaults(app, manifest, { version, path }))
  return (await Promise.all([...faults, ...commands])).flat()
}

/** A command says which version it is. */
async function commandFaults(app, { name, version, bin = {} }, node) {
  const faults = Object.entries(bin).map(([command, file]) =>
    faultsOf(`${command} on Node ${node.version}`, async () => {
      const program = join('node_modules', name, file)
      const said = await call(node.path, [program, '--version'], { cwd: app })
      if (said.trim() !== version) throw new Error(`it says it is ${said}`)
    }),
  )
  return (await Promise.all(faults)).flat()
}

/** Contracts are tests: vitest refuses to be loaded anywhere but in its own runs. */
export async function contractFaults(app, packed) {
  const contracts = packed.filter(({ manifest }) => inVitest(manifest)).flatMap(entriesOf)
  if (contracts.length === 0) return []
  const tests = contracts.map(({ specifier }) => {
    return `test('${specifier}', async () => {
  expect(Object.keys(await import('${specifier}'))).not.toHaveLength(0)
})\n`
  })
  const text = `import { expect, test } from 'vitest'\n${tests.join('')}`
  writeFileSync(join(app, 'load.test.js'), text)
  return faultsOf('contracts in vitest', () =>
    call(process.execPath, ['node_modules/vitest/vitest.mjs', 'run'], { cwd: app }),
  )
}

/** Checks the programs in TypeScript as users of each way to resolve modules do. */
export async function typeFaults(app) {
  const all = ['--skipLibCheck', 'false', 'use.mts', 'node.ts', 'express.ts', 'fastify.ts']
  const ways = [
    // `require` of an ES module is an error in node16: there the packages are for ES modules alone.
    ['node16', 'node16', all],
    ['esnext', 'bundler', all],
    // Declarations of Koa do not go together with what comes with the newest Express.
    ['nodenext', 'nodenext', ['--skipLibCheck', 'use.cts', 'koa.ts']],
  ]
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const strict = ['--noEmit', '--strict', '--esModuleInterop', '--types', 'node']
  const faults = ways.map(([module, resolution, programs]) =>
    faultsOf(`TypeScript, ${resolution}`, () => {
      const way = ['--target', 'es2022', '--module', module, '--moduleResolution', resolution]
      return call(process.execPath, [tsc, ...strict, ...way, ...programs], { cwd: app })
    }),
  )
  return (await Promise.all(faults)).flat()
}

function inVitest({ peerDependencies }) {
  return 'vitest' in (peerDependencies ?? {})
}
