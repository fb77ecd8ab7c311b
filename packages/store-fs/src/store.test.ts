import { describeStore } from '@tusker/testing'
import { openInTemp } from './testing/open-in-temp.ts'

describeStore('fs', () => openInTemp())
describeStore('fs, safe from power loss', () => openInTemp({ durability: 'power-loss' }))
describeStore('fs, on a disk far away', () => openInTemp({ disk: 'network' }))
