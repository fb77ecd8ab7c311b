import { build } from 'esbuild'
import { basename, dirname, extname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Bundled CommonJS modules load modules of Node by `require`, which an ES module lacks. */
const REQUIRE = `import { createRequire as requireFor } from 'node:module'
const require = requireFor(import.meta.url)`

/**
 * Bundles a program and the packages it uses into one file, and one more for each dynamic import. Tests that
 * start a program many times start the bundle: to find, read and compile its modules takes up to a second of
 * the processor's time at each start.
 */
export async function bundleProgram(
  source: string,
  outfile: string,
  external: readonly string[] = [],
): Promise<void> {
  const extension = extname(outfile)
  const name = basename(outfile, extension)
  await build({
    entryPoints: [source],
    outdir: dirname(outfile),
    entryNames: name,
    chunkNames: `${name}-[hash]`,
    outExtension: { '.js': extension },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@tusker/source'],
    external: [...external],
    banner: { js: REQUIRE },
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
