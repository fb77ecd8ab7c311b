import { describeStore } from '@tusker/testing'
import { openFake, SMALL } from './support/open-uploads.ts'

// Each part takes several signed requests.
const options = { manyParts: 200 }

describeStore('s3', () => openFake(), options)
describeStore(
  's3, in small parts, with unquoted conditions, where Complete names all parts',
  () => openFake(SMALL, { conditions: 'unquoted', smallestPart: 8 * 1024, needsAllParts: true }),
  options,
)
describeStore(
  's3, of one process, without conditional writes, in equal parts',
  () =>
    openFake(
      { ...SMALL, smallestPart: 1, equalParts: true, shared: false },
      { conditions: 'ignored', smallestPart: 1, equalParts: true },
    ),
  options,
)
