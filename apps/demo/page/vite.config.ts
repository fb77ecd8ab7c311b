import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'
import { defineConfig } from 'vite'

const outDir = join(import.meta.dirname, '../dist/page')

export default defineConfig({
  // The page can be served below any path.
  base: './',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir,
    emptyOutDir: true,
    assetsDir: 'assets',
    // The content security policy allows no `data:` URLs for scripts and styles.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      ['/session', '/content', '/uploads'].map((path) => [
        path,
        process.env['DEMO'] ?? 'http://127.0.0.1:1080',
      ]),
    ),
  },
  plugins: [weight()],
})

/** Prints the size of the build: of the files that the page starts with, and of those loaded later. */
function weight(): Plugin {
  return {
    name: 'weight',
    apply: 'build',
    writeBundle(_options, bundle) {
      const zipped = (name: string): number => gzipSync(readFileSync(join(outDir, name))).length
      const html = readFileSync(join(outDir, 'index.html'), 'utf8')
      const files = Object.keys(bundle)
      const first = files.filter((name) => name === 'index.html' || html.includes(name))
      const later = files.filter((name) => !first.includes(name) && !name.endsWith('.svg'))
      const kilobytes = (names: readonly string[]): string =>
        (names.reduce((sum, name) => sum + zipped(name), 0) / 1000).toFixed(1)
      console.log(`page: ${kilobytes(first)} kB gzip at the start, ${kilobytes(later)} kB later`)
    },
  }
}
