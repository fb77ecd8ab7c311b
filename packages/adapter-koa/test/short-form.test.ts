import { createServer } from 'node:http'
import type { ShortFormMetadata } from '@tusker/testing'
import { describeShortForm, startedOn } from '@tusker/testing'
import type { Context } from 'koa'
import Koa from 'koa'
import { expectTypeOf } from 'vitest'
import { closeServer, koaUploads } from '../src/index.ts'

describeShortForm('koaUploads', {
  async start(options, onCreate) {
    const files = koaUploads({
      ...options,
      hooks: {
        beforeCreate(draft, context) {
          expectTypeOf(draft.parsedMetadata).toEqualTypeOf<ShortFormMetadata>()
          expectTypeOf(context).toEqualTypeOf<Context>()
          onCreate(draft.parsedMetadata)
        },
      },
    })
    const app = new Koa().use(files).callback()
    const server = createServer((req, res) => void app(req, res))
    const { origin } = await startedOn(server)
    return { origin, end: () => closeServer(server, files.uploads) }
  },
  startWithNothing() {
    // @ts-expect-error: JavaScript users have no types.
    return koaUploads({})
  },
})
