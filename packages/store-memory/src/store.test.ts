import { describeStore } from '@tusker/testing'
import { memoryStore } from './index.ts'

describeStore('memory', () => ({ store: memoryStore() }))
