import { describeStore } from '@tusker/testing'
import { openFake, SMALL } from './support/open-uploads.ts'

describeStore('s3', () => openFake())
describeStore('s3, in small parts', () => openFake(SMALL, { smallestPart: 8 * 1024 }))
describeStore('s3, of one process, without conditional writes', () =>
  openFake({ shared: false }, { conditions: 'ignored' }),
)
describeStore('s3, with unquoted conditions, where Complete names all parts', () =>
  openFake(SMALL, { conditions: 'unquoted', smallestPart: 8 * 1024, needsAllParts: true }),
)
