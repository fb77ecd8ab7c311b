import type { ExpressContext } from '@tusker/adapter-express'
import type { FastifyContext } from '@tusker/adapter-fastify'
import type { NodeContext } from '@tusker/adapter-node'
import type { StandardSchema, UploadServer } from '@tusker/core'
import { contextOf, createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { type } from 'arktype'
import type { Context as KoaContext } from 'koa'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { z } from 'zod'

// The types are checked by `npm run typecheck`. TypeScript infers each call by itself, so each one is written out.

interface Photo {
  album: string
  year: number
}

const zodSchema = z.object({ album: z.string(), year: z.coerce.number() })
const valibotSchema = v.object({ album: v.string(), year: v.pipe(v.string(), v.transform(Number)) })
const arktypeSchema = type({ album: 'string', year: 'string.numeric.parse' })
const plainSchema: StandardSchema<Photo> = {
  '~standard': {
    validate(value) {
      const { album, year } = value as Readonly<Record<string, string>>
      return { value: { album: String(album), year: Number(year) } }
    },
  },
}

const base = { path: '/files', store: memoryStore() }
const seen: unknown[] = []

/** Creates an upload with metadata that fits the schemas, and returns the status. */
async function creationOn<Context>(server: UploadServer<Context>): Promise<number> {
  const fields = { 'tus-resumable': '1.0.0', 'upload-length': '5' }
  const metadata = `album ${btoa('sea')},year ${btoa('2026')}`
  const response = await server.handle({
    method: 'POST',
    path: '/files',
    prefix: '',
    headers: new Headers({ ...fields, 'upload-metadata': metadata }),
    body: (async function* () {})(),
    signal: new AbortController().signal,
    // No hook of this test looks into it.
    context: {} as Context,
    remoteAddress: null,
  })
  await server.close()
  return response.status
}

describe('createUploadServer infers the context of node:http together with', () => {
  it('the values of zod', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<NodeContext>(),
      metadata: zodSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<NodeContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<NodeContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of valibot', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<NodeContext>(),
      metadata: valibotSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<NodeContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<NodeContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of arktype', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<NodeContext>(),
      metadata: arktypeSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<NodeContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<NodeContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of a plain Standard Schema', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<NodeContext>(),
      metadata: plainSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<NodeContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<NodeContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })
})

describe('createUploadServer infers the context of Express together with', () => {
  it('the values of zod', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<ExpressContext>(),
      metadata: zodSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<ExpressContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<ExpressContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of valibot', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<ExpressContext>(),
      metadata: valibotSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<ExpressContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<ExpressContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of arktype', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<ExpressContext>(),
      metadata: arktypeSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<ExpressContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<ExpressContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of a plain Standard Schema', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<ExpressContext>(),
      metadata: plainSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<ExpressContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<ExpressContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })
})

describe('createUploadServer infers the context of Koa together with', () => {
  it('the values of zod', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<KoaContext>(),
      metadata: zodSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<KoaContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<KoaContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of valibot', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<KoaContext>(),
      metadata: valibotSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<KoaContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<KoaContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of arktype', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<KoaContext>(),
      metadata: arktypeSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<KoaContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<KoaContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of a plain Standard Schema', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<KoaContext>(),
      metadata: plainSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<KoaContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<KoaContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })
})

describe('createUploadServer infers the context of Fastify together with', () => {
  it('the values of zod', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<FastifyContext>(),
      metadata: zodSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<FastifyContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<FastifyContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of valibot', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<FastifyContext>(),
      metadata: valibotSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<FastifyContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<FastifyContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of arktype', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<FastifyContext>(),
      metadata: arktypeSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<FastifyContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<FastifyContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of a plain Standard Schema', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<FastifyContext>(),
      metadata: plainSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<FastifyContext>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<FastifyContext>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })
})

describe('createUploadServer infers the context of fetch together with', () => {
  it('the values of zod', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<Request>(),
      metadata: zodSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<Request>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<Request>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of valibot', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<Request>(),
      metadata: valibotSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<Request>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<Request>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of arktype', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<Request>(),
      metadata: arktypeSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<Request>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<Request>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })

  it('the values of a plain Standard Schema', async () => {
    const server = createUploadServer({
      ...base,
      context: contextOf<Request>(),
      metadata: plainSchema,
      hooks: {
        beforeCreate({ parsedMetadata }, context) {
          expectTypeOf(parsedMetadata).toEqualTypeOf<Photo>()
          expectTypeOf(context).toEqualTypeOf<Request>()
          seen.push(parsedMetadata)
        },
      },
    })
    expectTypeOf(server).toEqualTypeOf<UploadServer<Request>>()
    expect(await creationOn(server)).toBe(201)
    expect(seen.at(-1)).toEqual({ album: 'sea', year: 2026 })
  })
})

it('createUploadServer refuses a context that is not the result of contextOf', () => {
  // @ts-expect-error: the type of a context is no context.
  expect(() => createUploadServer({ ...base, context: 'req' })).toThrow('context must be contextOf')
})
