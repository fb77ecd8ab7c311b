import { describeModel } from '@tusker/testing'
import { memoryStore } from './index.ts'

describeModel('memory', () => ({ store: memoryStore() }), { runs: 200 })
