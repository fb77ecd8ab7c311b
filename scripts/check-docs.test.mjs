import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { STATUS } from '../packages/core/src/http/error-response.ts'
import {
  faultsOf,
  fragments,
  pageFaults,
  pages,
  programsIn,
  read,
  withPrograms,
} from './check-docs.mjs'
import { blocksOf } from './doc-blocks.mjs'
import { compileFaults } from './doc-fragments.mjs'
import { anchorsOf, linkFaults, linksIn } from './doc-links.mjs'
import { textFaults } from './doc-texts.mjs'

const files = { 'examples/a.ts': "say('$1')\n" }
const readOne = (path) => files[path] ?? null
const page = (program) => `# A\n\n<!-- examples/a.ts -->\n\`\`\`ts\n${program}\`\`\`\n\nmore\n`

it.each(pages())('%s is true, as far as can be told', (path) => {
  expect(pageFaults(path)).toEqual([])
})

it('the TypeScript in all pages compiles', { timeout: 120_000 }, () => {
  expect(compileFaults(fragments(pages()))).toEqual([])
})

it('every example is shown somewhere', () => {
  const shown = pages().flatMap((path) => programsIn(read(path)).map((program) => program.path))
  const programs = readdirSync(new URL('../examples', import.meta.url))
    .filter((name) => /\.(?:ts|conf)$/.test(name) && !/\.(?:d|config)\.ts$/.test(name))
    .map((name) => `examples/${name}`)
  expect(programs.filter((program) => !shown.includes(program))).toEqual([])
})

it('finds no fault in a program that is its file', () => {
  expect(faultsOf(page("say('$1')\n"), readOne)).toEqual([])
})

it.each([
  ['another line', page("say('$2')\n"), 'the program is not examples/a.ts as it is now'],
  ['one more space', page("say('$1') \n"), 'the program is not examples/a.ts as it is now'],
  [
    'no program',
    '<!-- examples/a.ts -->\nmore\n',
    'examples/a.ts is announced, but no program follows',
  ],
  ['no file', page('').replace('a.ts', 'b.ts'), 'there is no examples/b.ts'],
])('finds %s', (_, text, fault) => {
  expect(faultsOf(text, readOne)).toEqual([fault])
})

it('writes programs as they are, and nothing else', () => {
  expect(withPrograms(page('old\n'), readOne)).toBe(page("say('$1')\n"))
  const unknown = page('old\n').replace('a.ts', 'b.ts')
  expect(withPrograms(unknown, readOne)).toBe(unknown)
})

it('finds what does not compile, and where', { timeout: 120_000 }, () => {
  const option = "import { fsStore } from '@tusker/store-fs'\n\nfsStore({ directry: 'x' })\n"
  const blocks = blocksOf(`# A\n\n\`\`\`ts\n${option}\`\`\`\n\n\`\`\`ts\nnone()\n\`\`\`\n`)
  const faults = compileFaults(blocks.map((block) => ({ ...block, path: 'docs/a.md' })))
  expect(faults).toEqual([
    expect.stringMatching(/^docs\/a\.md:6: .*'directry' does not exist/),
    "docs/a.md:10: Cannot find name 'none'.",
  ])
})

const block = (language, text) => `# A\n\n\`\`\`${language}\n${text}\n\`\`\`\n`

it.each([
  ['data that is none', block('json', '{ "a": 1, }'), /line 4: .*JSON/],
  ['a quote that is not closed', block('sh', "curl 'x"), /line 4: .*(?:quote|eof|EOF)/],
  ['a script that there is none of', block('sh', 'npm run demmo'), /no script demmo/],
  ['a package that there is none of', block('sh', 'npm i @tusker/cores'), /no package @tusker/],
  ['a language nobody checks', block('yaml', 'a: 1'), /"yaml" are not checked/],
  ['what nginx is not given to read', block('nginx', 'listen 80;'), /announce a file/],
])('finds %s', (_, text, fault) => {
  expect(textFaults(text)).toEqual([expect.stringMatching(fault)])
})

it('finds no fault in commands and data', () => {
  expect(textFaults(block('sh', 'npm run demo\ncurl -T a.txt http://127.0.0.1/<id>'))).toEqual([])
  expect(textFaults(block('json', '{ "a": 1 }'))).toEqual([])
})

it.each([
  ['[a](b.md)', 'b.md leads nowhere: there is no docs/b.md'],
  ['[a](../../b.md)', '../../b.md leads out of the repository'],
  ['[a](#no-such)', '#no-such leads nowhere: no heading is called #no-such'],
  ['[a](../README.md#none)', '../README.md#none leads nowhere: no heading is called #none'],
  ['[a](../decisions#none)', '../decisions#none leads nowhere: no heading is called #none'],
  ['[a](../package.json#x)', '../package.json#x has an anchor, but leads to no page'],
  ['[a](http://example.com)', 'http://example.com should be https'],
  ['[a](https://exa mple)', null],
  ['[a][b]\n\n[b]: c.md', 'c.md leads nowhere: there is no docs/c.md'],
  ['<https://[>', 'https://[ is no URL'],
])('finds where %s leads', (link, fault) => {
  expect(linkFaults('docs/a.md', `# A\n\n${link}\n`, read)).toEqual(fault === null ? [] : [fault])
})

it.each(['[a](../README.md#the-demo)', '[a](#a-1)', '[a](../apps/demo#users)', '`[a](b.md)`'])(
  'finds no fault in %s',
  (link) => expect(linkFaults('docs/a.md', `# A\n\n${link}\n\n# A\n`, read)).toEqual([]),
)

it('takes nothing in a block for a link or a heading', () => {
  const page = '# A\n\n```sh\n# B\n[a](b.md)\n```\n'
  expect(linksIn(page)).toEqual([])
  expect([...anchorsOf(page)]).toEqual(['a'])
})

it('the table of error codes has each code, with its status', () => {
  const rows = read('docs/operating.md').matchAll(/^\| `(\w+)` \| (\d{3}) \|/gm)
  const table = [...rows].map(([, code, status]) => [code, Number(status)])
  expect(Object.fromEntries(table)).toEqual(STATUS)
  expect(table).toHaveLength(Object.keys(STATUS).length)
})
