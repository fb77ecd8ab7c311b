import { build } from 'esbuild'
import { basename, dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Bundles a program and the workspace packages it uses into one file. Tests that start a program many times
 * start the bundle: compiling the sources at each start takes a second of the processor's time.
 */
export async function bundleProgram(
  source: string,
  outfile: string,
  external: readonly string[] = [],
): Promise<void> {
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@tusker/source'],
    external: [...external],
    // The program finds its files where they are beside its source.
    define: {
      'import.meta.dirname': JSON.stringify(dirname(source)),
      'import.meta.url': JSON.stringify(pathToFileURL(source).href),
    },
    logLevel: 'error',
  })
}

/** The programs of a package's tests, with their bundles. */
export interface Programs {
  /** Makes the bundles. Call it once before the tests, in a `globalSetup`. */
  bundle(): Promise<void>
  /** The bundle of a program. `name` is that of its file, without the extension. */
  path(name: string): string
}

/** `sources` are paths in the package `root`. `external` packages are not bundled. */
export function programs(
  root: string,
  sources: readonly string[],
  external: readonly string[] = [],
): Programs {
  // In the package, where Node finds the external packages.
  const path = (name: string): string => join(root, 'node_modules/.cache/programs', `${name}.mjs`)
  return {
    async bundle() {
      for (const source of sources) {
        await bundleProgram(join(root, source), path(basename(source, '.ts')), external)
      }
    },
    path,
  }
}
