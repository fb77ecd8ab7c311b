import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import {
  blocksOf,
  compileFaults,
  missingPaths,
  pageFaults,
  pages,
  read,
  withPrograms,
} from './check-docs.mjs'

const program = (text) => `# A\n\n<!-- examples/a.ts -->\n\`\`\`ts\n${text}\`\`\`\n\nmore\n`
const block = (language, text) => `# A\n\n\`\`\`${language}\n${text}\n\`\`\`\n`

it('check-docs finds the pages, and reports what does not compile with its line', () => {
  expect(pages()).toContain('docs/getting-started.md')
  const page = block('ts', "import { fsStore } from '@tusker/store-fs'\nfsStore({ a: 1 })\nnone()")
  expect(compileFaults(blocksOf(page, 'a.md'))).toEqual([
    expect.stringMatching(/^a\.md:5: .*'a' does not exist/),
    "a.md:6: Cannot find name 'none'.",
  ])
})

it('check-docs: each example stands in a page', () => {
  const shown = pages().flatMap((path) => blocksOf(read(path)).map(({ file }) => file))
  const programs = readdirSync(new URL('../examples', import.meta.url))
    .filter((name) => /\.(?:ts|conf)$/.test(name) && !/\.(?:d|config)\.ts$/.test(name))
    .map((name) => `examples/${name}`)
  expect(programs.filter((path) => !shown.includes(path))).toEqual([])
})

it('check-docs: --write replaces a program by its file, and nothing else', () => {
  const readFile = (path) => ({ 'examples/a.ts': "say('$1')\n" })[path]
  expect(withPrograms(program('old\n'), readFile)).toBe(program("say('$1')\n"))
  expect(withPrograms('<!-- examples/a.ts -->\nmore\n', readFile)).toContain("say('$1')")
})

it.each([
  ['an outdated program', program('old\n').replace('a.ts', 'node.ts'), /differs from its file/],
  ['a script that does not exist', block('sh', 'npm run demmo'), /there is no demmo/],
  ['a package that does not exist', block('sh', 'npm i @tusker/cores'), /no @tusker\/cores/],
])('check-docs reports %s', (_, page, fault) => {
  expect(pageFaults(page, 'a.md')).toEqual([expect.stringMatching(fault)])
})

it('check-docs reports a path of a table that does not exist', () => {
  const page = 'see `b/no.ts`\n\n| x | `a/src/x.ts`, `y.ts` | `a/src/gone.ts`, `core/` | `word` |\n'
  const files = ['packages/a/src/x.ts', 'packages/a/src/y.ts', 'packages/core/z.ts']
  expect(missingPaths(page, 'a.md', files)).toEqual(['a.md: there is no file a/src/gone.ts'])
})
