import { createServer } from 'node:http'
import type { ShortFormMetadata } from '@tusker/testing'
import { describeShortForm, startedOn } from '@tusker/testing'
import { expectTypeOf } from 'vitest'
import type { NodeContext } from '../src/index.ts'
import { closeServer, nodeHandler } from '../src/index.ts'

describeShortForm('nodeHandler', {
  async start(options, onCreate) {
    const files = nodeHandler({
      ...options,
      hooks: {
        beforeCreate(draft, context) {
          expectTypeOf(draft.parsedMetadata).toEqualTypeOf<ShortFormMetadata>()
          expectTypeOf(context).toEqualTypeOf<NodeContext>()
          onCreate(draft.parsedMetadata)
        },
      },
    })
    const server = createServer(files)
    const { origin } = await startedOn(server)
    return { origin, end: () => closeServer(server, files.uploads) }
  },
  startWithNothing() {
    // @ts-expect-error: JavaScript users have no types.
    return nodeHandler({})
  },
})
