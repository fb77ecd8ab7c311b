import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { withHostTable } from './host-table.ts'

const page = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

it('the README says of hosts what their tests declare; write it by `npm run docs:hosts`', () => {
  expect(withHostTable(page)).toBe(page)
})

it('a table that was edited by hand is found', () => {
  const edited = page.replace('| Fastify | ', '| Fastify, all of it | ')
  expect(edited).not.toBe(page)
  expect(withHostTable(edited)).toBe(page)
})
