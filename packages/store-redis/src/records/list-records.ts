import type { Commands } from '../client/commands.ts'
import type { Layout } from '../client/keys.ts'

/** The ids of all uploads that have a record, each of them once. */
export async function* listRecords(commands: Commands, layout: Layout): AsyncGenerator<string> {
  const seen = new Set<string>()
  for await (const key of commands.scan(layout.records, 'hash')) {
    // Redis names some keys twice while it makes room for more.
    if (seen.has(key)) continue
    seen.add(key)
    yield layout.idOf(key)
  }
}
