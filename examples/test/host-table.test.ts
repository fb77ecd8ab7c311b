import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { withHostTable } from './support/host-table.ts'

const README = join(import.meta.dirname, '../../README.md')

it('the README lists the hosts as their tests declare them; `npm run docs:tables` writes it', async () => {
  await expect(withHostTable(readFileSync(README, 'utf8'))).toMatchFileSnapshot(README)
})
