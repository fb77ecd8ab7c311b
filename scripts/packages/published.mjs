// The packages that are published, as they stand in the workspace and as npm will see them.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { call, root } from './call.mjs'

/** Every package that is published: its folder, its directory and its manifest. */
export function published() {
  return readdirSync(join(root, 'packages'))
    .map((folder) => ({ folder, directory: join(root, 'packages', folder) }))
    .filter(({ directory }) => existsSync(join(directory, 'package.json')))
    .map((one) => ({ ...one, manifest: manifestIn(one.directory) }))
    .filter(({ manifest }) => manifest.private !== true)
}

/** Packs one as it would be published, and adds its tarball, the files in it, and its size in bytes. */
export async function packInto(scratch, one) {
  const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs')
  const output = await call(
    process.execPath,
    [pnpm, 'pack', '--json', '--pack-destination', scratch],
    {
      cwd: one.directory,
    },
  )
  const { filename } = JSON.parse(output.slice(output.indexOf('{')))
  const files = (await call('tar', ['tf', filename])).trim().split('\n')
  return {
    ...one,
    tarball: filename,
    files: files.map((path) => path.slice('package/'.length)),
    size: readFileSync(filename).length,
    publishedManifest: await call('tar', ['xOf', filename, 'package/package.json']),
  }
}

/** What can be imported of a package: its name, or that and a path. Commands have nothing to import. */
export function entriesOf({ manifest }) {
  return Object.entries(manifest.publishConfig?.exports ?? {})
    .filter(([, target]) => typeof target !== 'string')
    .map(([path, target]) => ({
      specifier: `${manifest.name}${path.slice(1)}`,
      file: target.default,
    }))
}

function manifestIn(directory) {
  return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
}
