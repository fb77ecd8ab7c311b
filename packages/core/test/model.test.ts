import { memoryStore } from '@tusker/store-memory'
import { describeModel } from '@tusker/testing'

describeModel('memory store', () => ({ store: memoryStore() }), { runs: 200 })
