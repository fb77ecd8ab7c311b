import { memoryLocker } from '@tusker/core'
import { describeLocker } from './index.ts'

describeLocker('memory', () => ({ locker: memoryLocker() }))
