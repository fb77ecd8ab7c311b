// How large the packages are, beside how large they may be.
import { build } from 'esbuild'
import { appendFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { entriesOf } from './published.mjs'

const budgets = JSON.parse(readFileSync(new URL('budgets.json', import.meta.url), 'utf8'))

/**
 * Measures each package: its tarball, and what its entry weighs in a bundle, minified and compressed,
 * without the other packages and libraries it imports.
 */
export async function sizesOf(packed) {
  return Promise.all(
    packed.map(async (one) => {
      const budget = { ...budgets.default, ...budgets[one.folder] }
      return { name: one.manifest.name, packed: one.size, bundled: await bundledSize(one), budget }
    }),
  )
}

/** What is too large, in a line each. */
export function sizeFaults(sizes) {
  return sizes.flatMap(({ name, budget, ...size }) =>
    ['packed', 'bundled']
      .filter((kind) => size[kind] > budget[kind] * 1_000)
      .map((kind) => {
        const limit = `${budget[kind]} kB in scripts/packages/budgets.json`
        return `${name}: ${kind} it has ${kB(size[kind])}, more than the ${limit}`
      }),
  )
}

/** A table of them, which GitHub shows with the run as well. */
export function sizeTable(sizes) {
  const rows = [
    ['package', 'packed', 'at most', 'min+gzip', 'at most'],
    ...sizes.map(({ name, packed, bundled, budget }) => [
      ...[name, kB(packed), kB(budget.packed * 1_000)],
      ...(bundled === 0 ? ['', ''] : [kB(bundled), kB(budget.bundled * 1_000)]),
    ]),
  ]
  const { GITHUB_STEP_SUMMARY } = process.env
  if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, markdown(rows))
  return aligned(rows)
}

async function bundledSize(one) {
  const [entry] = entriesOf(one)
  if (entry === undefined) return 0
  const { outputFiles } = await build({
    entryPoints: [join(one.directory, entry.file)],
    ...{ bundle: true, minify: true, write: false, format: 'esm', platform: 'node' },
    packages: 'external',
  })
  return gzipSync(outputFiles[0].contents, { level: 9 }).length
}

function kB(bytes) {
  return `${(bytes / 1_000).toFixed(1)} kB`
}

function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  const line = (row) =>
    row.map((cell, column) => {
      return column === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[column] + 2)
    })
  return rows.map((row) => line(row).join('').trimEnd()).join('\n')
}

function markdown([head, ...rows]) {
  const line = (row) => `| ${row.join(' | ')} |\n`
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('')
}
