import { describeTus, describeBadInput, describePromises, inMemory } from '@tusker/testing'
import { memoryStore } from './index.ts'
const open = () => ({ store: memoryStore({ maxLength: 2 ** 53 - 1 }) })
describeTus('memory', inMemory(open))
describeBadInput('memory', inMemory(open))
describePromises('memory', open)
