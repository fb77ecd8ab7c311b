import { readdirSync } from 'node:fs'
import { expect, it } from 'vitest'
import { faultsOf, pages, programsIn, read, withPrograms } from './check-docs.mjs'

const files = { 'examples/a.ts': "say('$1')\n" }
const readOne = (path) => files[path] ?? null
const page = (program) => `# A\n\n<!-- examples/a.ts -->\n\`\`\`ts\n${program}\`\`\`\n\nmore\n`

it.each(pages())('%s shows programs as they are', (path) => {
  expect(faultsOf(read(path), read)).toEqual([])
})

it('every example is shown somewhere', () => {
  const shown = pages().flatMap((path) => programsIn(read(path)).map((program) => program.path))
  const programs = readdirSync(new URL('../examples', import.meta.url))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
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
