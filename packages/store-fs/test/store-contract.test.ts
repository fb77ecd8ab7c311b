import { describeStore } from '@tusker/testing'
import { memoryRecords } from './support/memory-records.ts'
import { openInTemp } from './support/open-in-temp.ts'

describeStore('fs', () => openInTemp())
describeStore('fs, safe from power loss', () => openInTemp({ durability: 'power-loss' }))
describeStore('fs, with records elsewhere', () => openInTemp({ records: memoryRecords() }))
describeStore('fs, on a disk far away', () => openInTemp({ disk: 'network' }))
