import { draftTable } from '@tusker/testing'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openHost } from './support/memory-host.ts'

const PAGE = join(import.meta.dirname, '../../../docs/resumable-uploads-for-http-table.md')

it('docs/resumable-uploads-for-http-table.md lists what the conversations show; `npm run docs:tables` writes it', async () => {
  await expect(`${await draftTable(openHost)}\n`).toMatchFileSnapshot(PAGE)
})
