import { build } from 'esbuild'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const demo = join(import.meta.dirname, '../..')

/** Builds the page and the server once before the tests of the demo, so that no test uses an old build. */
export default async function buildDemo(): Promise<void> {
  const vite = join(
    dirname(createRequire(import.meta.url).resolve('vite/package.json')),
    'bin/vite.js',
  )
  execFileSync(process.execPath, [vite, 'build', 'page', '--logLevel', 'warn'], {
    cwd: demo,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  await bundleServer()
}

/** One file starts in half the time of the sources, and the tests start the server many times. */
async function bundleServer(): Promise<void> {
  const text = readFileSync(join(demo, 'package.json'), 'utf8')
  const { dependencies } = JSON.parse(text) as { dependencies: Record<string, string> }
  await build({
    entryPoints: [join(demo, 'src/main.ts')],
    outfile: join(demo, 'dist/server/main.js'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@tusker/source'],
    external: Object.keys(dependencies).filter((name) => !name.startsWith('@tusker/')),
    define: { 'import.meta.dirname': JSON.stringify(join(demo, 'src')) },
    logLevel: 'error',
  })
}
