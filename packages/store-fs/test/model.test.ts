import { describeModel } from '@tusker/testing'
import { openInTemp } from './support/open-in-temp.ts'

describeModel('fs', openInTemp, { runs: 60 })
