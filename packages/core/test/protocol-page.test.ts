import { protocolTable } from '@tusker/testing'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openHost } from './support/memory-host.ts'

const PAGE = join(import.meta.dirname, '../../../docs/protocol.md')

it('docs/protocol.md lists what the conversations show; `npm run docs:tables` writes it', async () => {
  await expect(`${await protocolTable(openHost)}\n`).toMatchFileSnapshot(PAGE)
})
