import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withHostTable, withInterimTable } from './support/host-table.ts'

const README = join(import.meta.dirname, '../../README.md')
const DRAFT_PAGE = join(import.meta.dirname, '../../docs/resumable-uploads-for-http.md')

it('the README lists the hosts as their tests declare them; `npm run docs:tables` writes it', async () => {
  await expect(withHostTable(readFileSync(README, 'utf8'))).toMatchFileSnapshot(README)
})

it('docs/resumable-uploads-for-http.md lists the hosts that send 104 as their tests declare them; `npm run docs:tables` writes it', async () => {
  await expect(withInterimTable(readFileSync(DRAFT_PAGE, 'utf8'))).toMatchFileSnapshot(DRAFT_PAGE)
})
