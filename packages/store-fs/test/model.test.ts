import { describeModel } from '@tusker/testing'
import { rounds } from '../../testing/test/support/test-rounds.ts'
import { openInTemp } from './support/open-in-temp.ts'

describeModel('fs', openInTemp, { runs: 60 * rounds })
describeModel('fs', openInTemp, { runs: 30 * rounds, dialect: 'draft' })
