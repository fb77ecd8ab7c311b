import { readFile } from 'node:fs/promises'
import { inMemory, protocolTable } from '@tusker/testing'
import { expect, it } from 'vitest'
import { memoryStore } from '../../store-memory/src/index.ts'

it('docs/protocol.md says what the conversations show; write it by `npm run docs:protocol`', async () => {
  const openHost = inMemory(() => ({ store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }) }))
  const page = await readFile(new URL('../../../docs/protocol.md', import.meta.url), 'utf8')
  expect(page).toBe(`${await protocolTable(openHost)}\n`)
})
