import {
  describeModel,
  describeGuarantees,
  describeStore,
  describeTus,
  inMemory,
} from '@tusker/testing'
import { isLong, rounds } from '../../packages/testing/test/support/test-rounds.ts'
import type { Row, Table } from '../table-store.ts'
import { tableStore } from '../table-store.ts'

/** A table in memory, that gives out and keeps copies, as a database does. */
function memoryTable<Value>(): Table<Value> {
  const values = new Map<string, Value>()
  return {
    get: async (key) => structuredClone(values.get(key) ?? null),
    async add(key, value) {
      if (values.has(key)) return false
      values.set(key, structuredClone(value))
      return true
    },
    async change(key, change) {
      values.set(key, structuredClone(change(values.get(key) ?? null)))
    },
    async remove(key) {
      values.delete(key)
    },
    async *keys() {
      yield* [...values.keys()]
    },
  }
}

function openStore() {
  const tables = { rows: memoryTable<Row>(), bytes: memoryTable<Uint8Array>() }
  const store = tableStore(tables)
  return { store, reopen: () => tableStore(tables) }
}

describeStore('tables', openStore)
describeGuarantees('tables', openStore)
describeModel('tables', openStore, { runs: 30 * rounds })
if (isLong) describeTus('tables', inMemory(openStore))
