import { protocolTable } from '@tusker/testing'
import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { openHost } from './support/memory-host.ts'

it('docs/protocol.md is what the conversations show (write it with `npm run docs:protocol`)', async () => {
  const page = await readFile(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
  expect(page).toBe(`${await protocolTable(openHost)}\n`)
})
