import { build } from 'esbuild'
import { join } from 'node:path'
import { SERVERS } from './server-list.ts'

/**
 * Compiles the programs of the servers, so that no compiler runs in a process that is measured. The
 * packages stay outside: what they have built is what is measured. Returns the directory of the programs.
 */
export async function buildServers(): Promise<string> {
  const outdir = join(import.meta.dirname, '../dist')
  await build({
    entryPoints: SERVERS.map(({ name }) => join(import.meta.dirname, `servers/${name}.ts`)),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  })
  return outdir
}
