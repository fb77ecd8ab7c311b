// The tables of hosts, made from the declarations of the adapters' tests. So they list what was
// tested, and nothing else.
import type { DraftOptions, HostDeclaration } from '@tusker/testing'
import { readFileSync } from 'node:fs'
import { HOSTS as EXPRESS } from '../../../packages/adapter-express/test/support/hosts.ts'
import { HOSTS as FASTIFY } from '../../../packages/adapter-fastify/test/support/hosts.ts'
import { HOSTS as FETCH } from '../../../packages/adapter-fetch/test/support/hosts.ts'
import { HOSTS as KOA } from '../../../packages/adapter-koa/test/support/hosts.ts'
import { HOSTS as NODE } from '../../../packages/adapter-node/test/support/hosts.ts'

const ADAPTERS: readonly (readonly [string, readonly HostDeclaration[]])[] = [
  ['adapter-node', NODE],
  ['adapter-express', EXPRESS],
  ['adapter-koa', KOA],
  ['adapter-fastify', FASTIFY],
  ['adapter-fetch', FETCH],
]

const PLACE = /(<!-- hosts: .*? -->\n)[\s\S]*?(<!-- \/hosts -->)/

/** A page with the table of hosts as it is now. */
export function withHostTable(page: string): string {
  return withTable(page, hostTable())
}

/** A page with the table of the hosts that speak the IETF draft, and whether each one sends 104. */
export function withInterimTable(page: string): string {
  return withTable(page, interimTable())
}

function withTable(page: string, table: string): string {
  if (!PLACE.test(page)) throw new Error('the page has no place for the table of hosts')
  return page.replace(PLACE, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`)
}

function interimTable(): string {
  const rows = ADAPTERS.flatMap(([, hosts]) => hosts).flatMap((host) => {
    const { name, draft, draftOverHttp2, noInterim } = host
    if (draft === undefined && draftOverHttp2 === undefined && noInterim === undefined) return []
    return [`| ${name} | ${overHttp1(host)} | ${overHttp2(host)} |`]
  })
  return ['| Host | 104 over HTTP/1.1 | 104 over HTTP/2 |', '|---|---|---|', ...rows].join('\n')
}

function overHttp1({ draft, noInterim }: HostDeclaration): string {
  if (noInterim !== undefined) return `no: ${noInterim}`
  return draft === undefined ? '' : sends(draft)
}

function overHttp2({ draft, draftOverHttp2, noHttp2, noInterim }: HostDeclaration): string {
  if (draftOverHttp2 !== undefined) return sends(draftOverHttp2)
  if ((draft?.noInterim ?? noInterim) !== undefined) return 'no, as over HTTP/1.1'
  return noHttp2 === undefined ? '' : `no: ${noHttp2}`
}

function sends({ noInterim }: DraftOptions): string {
  return noInterim === undefined ? 'yes' : `no: ${noInterim}`
}

function hostTable(): string {
  const rows = ADAPTERS.flatMap(([adapter, hosts]) => hosts.map((host) => row(adapter, host)))
  return [
    '| Host | Tested with | Passes | What it cannot, and why |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n')
}

function row(adapter: string, host: HostDeclaration): string {
  const suites = [
    host.contract && 'host contract',
    host.tus && 'tus 1.0',
    (host.draft ?? host.draftOverHttp2) && 'IETF draft',
    host.badInput && 'bad input',
    host.own && 'tests of its own',
  ].filter(Boolean)
  return `| ${[host.name, testedWith(adapter, host), suites.join(', '), cannot(host)].join(' | ')} |`
}

function testedWith(adapter: string, { packages = [], tested }: HostDeclaration): string {
  return tested ?? packages.map((name) => versionOf(adapter, name)).join(', ')
}

/** What is installed, under the name that its users know: a package may go by another one here. */
function versionOf(adapter: string, name: string): string {
  for (const home of [`packages/${adapter}`, 'runtimes']) {
    const manifest = new URL(`../../../${home}/package.json`, import.meta.url)
    const { dependencies = {}, devDependencies = {} } = JSON.parse(
      readFileSync(manifest, 'utf8'),
    ) as Record<string, Record<string, string>>
    const pinned = devDependencies[name] ?? dependencies[name]
    if (pinned === undefined) continue
    const [, alias, version] = /^(?:npm:(.+)@)?(\d.*)$/.exec(pinned) ?? []
    if (version === undefined) throw new Error(`${name} is not pinned: ${pinned}`)
    return `${alias ?? name} ${version}`
  }
  throw new Error(`${name} is not installed for ${adapter}`)
}

function cannot({ contract, tus, draft, badInput, own }: HostDeclaration): string {
  return [
    ...(contract?.skip ?? []).map(({ test, reason }) => `*${test}*: ${reason}`),
    ...Object.entries(tus?.missing ?? {}).map(([extension, reason]) => `*${extension}*: ${reason}`),
    ...Object.values(tus?.skip ?? {}),
    ...(draft?.noInterim === undefined ? [] : [`*104 responses*: ${draft.noInterim}`]),
    ...Object.values(draft?.skip ?? {}),
    ...(badInput?.hostRefuses ?? []).map(({ reason }) => reason),
    ...Object.entries(own ?? {}).map(([test, reason]) => `*${test}*: ${reason}`),
  ].join('<br>')
}
