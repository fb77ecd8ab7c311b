import type { OpenHost } from '../client/hosts.ts'
import type { Conversation, ObservedRule } from './conversation.ts'
import { runRule } from './run-rule.ts'
import { specification } from '../spec/specification.ts'

/** A page about a protocol, and how its rules are checked. */
export interface RulesPage<Session, Need extends string> {
  readonly introduction: string
  readonly parts: readonly {
    readonly title: string
    readonly rules: readonly Conversation<Session, Need>[]
  }[]
  /** Runs one conversation. Returns what it needs and the server does not offer, or null. */
  run(rule: ObservedRule<Session, Need>): Promise<string | null>
}

type AnyRule = Conversation<never, string>

interface Row {
  readonly rule: AnyRule
  readonly result: 'kept' | 'broken' | 'not offered' | 'not seen'
}

/** Runs every conversation of tus 1.0 and returns the results as a page in Markdown. */
export function protocolTable(openHost: OpenHost): Promise<string> {
  return rulesTable({
    introduction: INTRODUCTION,
    parts: specification.map(({ title, chapters }) => ({
      title,
      rules: chapters.flatMap(({ conversations }) => conversations),
    })),
    run: (rule) => runRule(rule, openHost),
  })
}

/** Runs every conversation of a page and returns the page in Markdown. */
export async function rulesTable<Session, Need extends string>(
  page: RulesPage<Session, Need>,
): Promise<string> {
  const parts: { title: string; rows: Row[] }[] = []
  for (const { title, rules } of page.parts) {
    parts.push({ title, rows: await rowsOf(rules, page.run) })
  }
  return [
    page.introduction,
    table(
      ['Part', 'Rules', 'MUST', 'SHOULD', 'MAY', 'Shown by a test', 'Kept'],
      parts.map(({ title, rows }) => countsOf(title, rows)),
    ),
    ...parts.flatMap(({ title, rows }) => [
      `## ${title}`,
      table(['Rule', 'Level', 'Test', 'What Tusker does'], rows.map(cellsOf)),
    ]),
  ].join('\n\n')
}

const INTRODUCTION = `# The protocol, sentence by sentence

<!-- Made by \`npm run docs:tables\` from packages/testing/src/spec. A test compares it. -->

Every sentence of [tus 1.0](https://tus.io/protocols/resumable-upload) that says what a server must,
should or may do, the test that shows it, and what Tusker does where the text leaves something open.
The tests are conversations: requests and the answers they must get. They are held with every store in
memory, and with every adapter over real sockets. Yours can be put to them as well: \`describeTus\` of
\`@tusker/testing\`.

Sentences without a test bind clients alone, or cannot be seen broken from outside.`

async function rowsOf<Session, Need extends string>(
  rules: readonly Conversation<Session, Need>[],
  run: RulesPage<Session, Need>['run'],
): Promise<Row[]> {
  const rows: Row[] = []
  for (const rule of rules) rows.push({ rule, result: await resultOf(rule, run) })
  return rows
}

async function resultOf<Session, Need extends string>(
  rule: Conversation<Session, Need>,
  run: RulesPage<Session, Need>['run'],
): Promise<Row['result']> {
  if (rule.run === null) return 'not seen'
  try {
    return (await run(rule)) === null ? 'kept' : 'not offered'
  } catch {
    // The test of this rule shows the error.
    return 'broken'
  }
}

function countsOf(title: string, rows: readonly Row[]): string[] {
  const of = (...levels: string[]): string =>
    String(rows.filter(({ rule }) => levels.includes(rule.level)).length)
  const seen = rows.filter(({ rule }) => rule.run !== null)
  return [
    title,
    String(rows.length),
    of('MUST', 'MUST NOT', 'SHALL NOT'),
    of('SHOULD', 'SHOULD NOT'),
    of('MAY'),
    String(seen.length),
    String(seen.filter(({ result }) => result === 'kept').length),
  ]
}

function cellsOf({ rule, result }: Row): string[] {
  const level = rule.level === 'ours' ? '' : rule.level
  const test = rule.run === null ? '' : result === 'kept' ? rule.id : `${rule.id}: ${result}`
  const notes = [rule.choice, rule.run === null ? capitalised(rule.reason) : undefined]
  return [rule.sentence, level, test, notes.filter((note) => note !== undefined).join(' ')]
}

function capitalised(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
