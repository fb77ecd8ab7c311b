import { describeStore } from '@tusker/testing'
import { memoryStore } from '../src/index.ts'

describeStore('memory store', () => ({ store: memoryStore() }))
