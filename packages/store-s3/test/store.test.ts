import { describeStore } from '@tusker/testing'
import { openFake, SMALL } from './support/open-uploads.ts'

const skip = [
  { test: 'concatenate joins thousands of parts', reason: 'it differs in nothing here' },
]

describeStore('s3', () => openFake())
describeStore(
  's3, in small parts, with unquoted conditions, where Complete names all parts',
  () => openFake(SMALL, { conditions: 'unquoted', smallestPart: 8 * 1024, needsAllParts: true }),
  { skip },
)
describeStore(
  's3, of one process, without conditional writes, in equal parts',
  () =>
    openFake(
      { ...SMALL, smallestPart: 1, equalParts: true, shared: false },
      { conditions: 'ignored', smallestPart: 1, equalParts: true },
    ),
  { skip },
)
