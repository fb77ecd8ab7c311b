import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Result, WorkResult } from '../result.ts'
import { SERVERS } from '../server-list.ts'
import { worksOf } from '../works/index.ts'
import { FULL } from '../works/sizes.ts'
import { chart } from './chart.ts'
import { hostedTable, markdownTable } from './table.ts'

const root = join(import.meta.dirname, '../../..')

/** The servers of the README. docs/benchmarks.md has all of them. */
const SHOWN = ['tusker', 'tusker-shared', 'tus-node-server', 'uploadx']
/** The works of the README. */
const WORKS = [
  'one-patch',
  '5-mib',
  '1-mib',
  'creation-16',
  'post-patch-16',
  'head',
  'slow',
  'slow-memory',
  'silent',
  'get',
]
/** The works of docs/benchmarks.md: all of them. */
const ORDER = worksOf(FULL).map(({ name }) => name)
const IMAGE = 'docs/images/benchmark.svg'

/** Writes the tables of the README and of docs/benchmarks.md, and the chart. */
export async function writePages(result: Result): Promise<void> {
  const shown = SERVERS.filter(({ name }) => SHOWN.includes(name))
  const short = { ...result, works: inOrder(result, WORKS) }
  await writeFile(join(root, IMAGE), chart(short, shown))
  const image = `![The same ratios as bars](${IMAGE})`
  await replaceIn('README.md', `${markdownTable(short, shown)}\n\n${image}`)
  const all = { ...result, works: inOrder(result, ORDER) }
  const made = `Node ${result.node}, ${result.platform}, ${result.date.slice(0, 10)}, ${roundsOf(result)}.`
  const measured = SERVERS.filter(({ name }) => result.works.some(({ samples }) => name in samples))
  const main = measured.filter(({ floor, name }) => floor === 'floor' && name !== 'floor')
  const hosts = measured.filter(({ floor, name }) => floor !== 'floor' && name !== floor)
  const hosted = all.works.filter(({ samples }) => hosts.some(({ name }) => name in samples))
  const tables = [made, markdownTable(all, main)]
  if (hosts.length > 0) {
    const beside = 'Each adapter beside the floor in the same framework:'
    tables.push(beside, markdownTable({ ...result, works: hosted }, hosts))
    const more =
      'Each adapter beside Tusker on `node:http` and what the framework adds to the floor:'
    tables.push(more, hostedTable({ ...result, works: hosted }, hosts))
  }
  await replaceIn('docs/benchmarks.md', tables.join('\n\n'))
}

/** How many samples the medians are of. */
function roundsOf({ works }: Result): string {
  const counts = works.flatMap(({ samples }) => Object.values(samples).map((all) => all.length))
  const [least, most] = [Math.min(...counts), Math.max(...counts)]
  return `medians of ${least === most ? most : `${least} to ${most}`} rounds`
}

/** A result may have been merged from several runs, so its works come in any order. */
function inOrder({ works }: Result, names: readonly string[]): WorkResult[] {
  return names.flatMap((name) => works.filter((work) => work.name === name))
}

/**
 * Replaces the text between the two comments that mark the table of a page.
 *
 * @throws Error when the page has no such comments
 */
export function withTable(page: string, table: string): string {
  const marked = /(<!-- benchmark:[^\n]*-->\n)[\s\S]*?(<!-- \/benchmark -->)/
  if (!marked.test(page)) throw new Error('the page has no place for the benchmark')
  return page.replace(
    marked,
    (_found, start: string, end: string) => `${start}\n${table}\n\n${end}`,
  )
}

async function replaceIn(path: string, table: string): Promise<void> {
  const file = join(root, path)
  await writeFile(file, withTable(await readFile(file, 'utf8'), table))
}
