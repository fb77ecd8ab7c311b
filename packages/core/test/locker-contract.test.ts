import { memoryLocker } from '@tusker/core'
import { describeLocker } from '@tusker/testing'

describeLocker('memory locker', () => ({ locker: memoryLocker() }))
