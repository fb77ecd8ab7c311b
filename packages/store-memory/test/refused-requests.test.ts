import { describeRefusals } from '@tusker/testing'
import { memoryStore } from '../src/index.ts'

describeRefusals('memory', () => {
  const store = memoryStore()
  return {
    store,
    async snapshot() {
      const uploads: unknown[] = []
      for await (const id of store.list()) uploads.push(await store.find(id))
      return JSON.stringify(uploads)
    },
  }
})
