import { build } from 'esbuild'
import { dirname } from 'node:path'
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
