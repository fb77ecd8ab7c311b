import { describeModel } from '@tusker/testing'
import { openInTemp } from './testing/open-in-temp.ts'

describeModel('fs', openInTemp, { runs: 60 })
