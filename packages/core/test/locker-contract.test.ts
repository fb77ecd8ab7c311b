import { memoryLocker } from '@tusker/core'
import { describeLocker } from '../../testing/src/index.ts'

describeLocker('memory', () => ({ locker: memoryLocker() }))
