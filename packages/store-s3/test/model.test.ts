import { describeModel } from '@tusker/testing'
import { openFake, SMALL } from './support/open-uploads.ts'

describeModel('s3', () => openFake(), { runs: 15 })
describeModel('s3', () => openFake(), { runs: 15, dialect: 'draft' })
describeModel(
  's3, in parts of 16 bytes',
  () => openFake({ ...SMALL, partSize: 16, smallestPart: 8 }, { smallestPart: 8 }),
  { runs: 15 },
)
