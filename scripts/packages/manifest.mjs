// What a package says of itself, and what is in its tarball.
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { call, root } from './call.mjs'
import { faultsOf } from './faults.mjs'
import { entriesOf } from './published.mjs'

const condition = '@tusker/source'

/** What is wrong with the manifest in the workspace, in a line each. */
export function manifestFaults({ folder, manifest }) {
  const repository = {
    type: 'git',
    url: 'git+https://github.com/tusker-uploads/tusker.git',
    directory: `packages/${folder}`,
  }
  const rules = [
    [manifest.name === `@tusker/${folder}`, `the folder is called ${folder}`],
    [manifest.type === 'module', '"type" has to be "module"'],
    [manifest.sideEffects === false, '"sideEffects" has to be false'],
    [manifest.license === 'MIT', '"license" has to be MIT'],
    [manifest.engines?.node === '>=20.19.0', '"engines.node" has to be >=20.19.0'],
    [isDeepStrictEqual(manifest.repository, repository), '"repository" has to name the folder'],
    [manifest.homepage?.endsWith(`packages/${folder}#readme`), '"homepage" has to be its README'],
    [Boolean(manifest.description), 'a "description" is missing'],
    [manifest.keywords?.includes('tus'), '"keywords" have to include tus'],
    [manifest.publishConfig?.access === 'public', '"publishConfig.access" has to be public'],
    [
      isDeepStrictEqual(manifest.publishConfig?.exports, withoutCondition(manifest.exports)),
      `"publishConfig.exports" has to be "exports" without ${condition}`,
    ],
  ]
  const misplaced = Object.entries(manifest.exports)
    .filter(([, target]) => typeof target !== 'string' && Object.keys(target)[0] !== condition)
    .map(([path]) => `exports["${path}"]: ${condition} comes first`)
  return [...rules.filter(([holds]) => !holds).map(([, fault]) => fault), ...misplaced]
}

function withoutCondition(exports) {
  const entries = Object.entries(exports).flatMap(([path, target]) => {
    if (typeof target === 'string') return [[path, target]]
    const { [condition]: _source, ...others } = target
    // What is for tests of this repository only is not published at all.
    return Object.keys(others).length === 0 ? [] : [[path, others]]
  })
  return Object.fromEntries(entries)
}

/** What is wrong with a packed package, in a line each. */
export async function tarballFaults(packed) {
  const { files, publishedManifest } = packed
  const faults = []
  for (const needed of ['package.json', 'README.md', 'LICENSE']) {
    if (!files.includes(needed)) faults.push(`no ${needed} in the tarball`)
  }
  const stray = files.filter((path) => /\.test\.|(^|\/)test\/|\.tsbuildinfo$|\.env/.test(path))
  if (stray.length > 0) faults.push(`in the tarball: ${stray.join(', ')}`)
  const leak = /workspace:|catalog:|@tusker\/source|"prepack"/.exec(publishedManifest)
  if (leak) faults.push(`the published manifest says ${leak[0]}`)
  return [...faults, ...buildFaults(packed), ...(await lintFaults(packed))]
}

/** Each entry is JavaScript with a source map, and declarations beside it. */
function buildFaults(packed) {
  const { manifest, files } = packed
  const programs = Object.values(manifest.bin ?? {})
  const built = entriesOf(packed).flatMap(({ file }) => [
    ...[file, `${file}.map`, file.replace(/\.js$/, '.d.ts')],
  ])
  const needed = [...built, ...programs.flatMap((file) => [file, `${file}.map`])]
  const missing = needed.filter((file) => !files.includes(file.replace('./', '')))
  if (needed.length === 0) return ['nothing in it can be imported or run']
  return missing.map((file) => `no ${file} in the tarball: build first`)
}

async function lintFaults(packed) {
  const { tarball } = packed
  const attw = '@arethetypeswrong/cli/dist/index.js'
  const profile = ['--profile', 'esm-only', '--no-emoji', '--format', 'ascii']
  const faults = [
    toolFaults('publint/src/cli.js', ['--strict', tarball]),
    // A command has no types that could be wrong.
    entriesOf(packed).length === 0 ? [] : toolFaults(attw, [tarball, ...profile]),
  ]
  return (await Promise.all(faults)).flat()
}

function toolFaults(path, args) {
  return faultsOf(path.split(/\/(?:src|dist)\//)[0], () =>
    call(process.execPath, [join(root, 'node_modules', path), ...args]),
  )
}
