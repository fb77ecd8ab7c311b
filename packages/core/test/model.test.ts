import { describeModel } from '@tusker/testing'
import { memoryStore } from '../../store-memory/src/index.ts'

describeModel('memory', () => ({ store: memoryStore() }), { runs: 200 })
