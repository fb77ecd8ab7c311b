import { describeStore } from '@tusker/testing'
import { isLong } from '../../testing/test/support/test-rounds.ts'
import { memoryRecords } from './support/memory-records.ts'
import { openInTemp } from './support/open-in-temp.ts'

describeStore('fs', () => openInTemp())
describeStore('fs, safe from power loss', () => openInTemp({ durability: 'power-loss' }))
describeStore('fs, with records elsewhere', () => openInTemp({ records: memoryRecords() }))
if (isLong) describeStore('fs, on a disk far away', () => openInTemp({ disk: 'network' }))
