import { createServer } from 'node:http'
import type { ShortFormMetadata } from '@tusker/testing'
import { describeShortForm, startedOn } from '@tusker/testing'
import express from 'express'
import { expectTypeOf } from 'vitest'
import type { ExpressContext } from '../src/index.ts'
import { closeServer, expressUploads } from '../src/index.ts'

describeShortForm('expressUploads', {
  async start(options, onCreate) {
    const files = expressUploads({
      ...options,
      hooks: {
        beforeCreate(draft, context) {
          expectTypeOf(draft.parsedMetadata).toEqualTypeOf<ShortFormMetadata>()
          expectTypeOf(context).toEqualTypeOf<ExpressContext>()
          onCreate(draft.parsedMetadata)
        },
      },
    })
    const server = createServer(express().use(files))
    const { origin } = await startedOn(server)
    return { origin, end: () => closeServer(server, files.uploads) }
  },
  startWithNothing() {
    // @ts-expect-error: JavaScript users have no types.
    return expressUploads({})
  },
})
