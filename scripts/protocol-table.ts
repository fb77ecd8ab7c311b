// Writes docs/protocol.md anew: npm run docs:protocol
import { mkdir, writeFile } from 'node:fs/promises'
import { memoryStore } from '../packages/store-memory/src/index.ts'
import { protocolTable } from '../packages/testing/src/runner/protocol-table.ts'
import { inMemory } from '../packages/testing/src/client/hosts.ts'

const store = (): { store: ReturnType<typeof memoryStore> } => ({
  store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }),
})
await mkdir(new URL('../docs', import.meta.url), { recursive: true })
await writeFile(
  new URL('../docs/protocol.md', import.meta.url),
  `${await protocolTable(inMemory(store))}\n`,
)
