import { memoryStore } from '@tusker/store-memory'
import { describeModel } from '@tusker/testing'
import { rounds } from '../../testing/test/support/test-rounds.ts'

const open = () => ({ store: memoryStore() })

describeModel('memory store', open, { runs: 200 * rounds })
describeModel('memory store', open, { runs: 150 * rounds, dialect: 'draft' })
