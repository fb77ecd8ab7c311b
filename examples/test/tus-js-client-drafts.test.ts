import { createAdaptorServer } from '@hono/node-server'
import { expressUploads } from '@tusker/adapter-express'
import { fastifyUploads } from '@tusker/adapter-fastify'
import { fetchHandler } from '@tusker/adapter-fetch'
import { closeServer, nodeHandler } from '@tusker/adapter-node'
import { koaUploads } from '@tusker/adapter-koa'
import type { UploadServer } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import type { Listening } from '@tusker/testing'
import { listenOn, listenWith } from '@tusker/testing'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { Upload } from 'tus-js-client'
import { afterEach, describe, expect, it } from 'vitest'

type Serve = (uploads: UploadServer) => Promise<Listening>

// Not node:http2: this client speaks HTTP/1.1 in Node.
const HOSTS: readonly (readonly [name: string, serve: Serve])[] = [
  ['node:http', (uploads) => listenOn(nodeHandler(uploads), uploads, {}, closeServer)],
  [
    'Express',
    (uploads) => listenOn(express().use(expressUploads(uploads)), uploads, {}, closeServer),
  ],
  [
    'Koa',
    (uploads) => {
      const listener = new Koa().use(koaUploads(uploads)).callback()
      return listenOn((req, res) => void listener(req, res), uploads, {}, closeServer)
    },
  ],
  [
    'Fastify',
    async (uploads) => {
      const app = fastify()
      app.register(fastifyUploads, { uploads })
      const origin = await app.listen({ port: 0, host: '127.0.0.1' })
      return { origin, close: () => closeServer(app.server, uploads) }
    },
  ],
  [
    'Hono on Node',
    (uploads) => {
      const handler = fetchHandler(uploads)
      const app = new Hono()
      app.all('/files/*', (c) => handler(c.req.raw))
      const server = createAdaptorServer({ fetch: app.fetch }) as Server
      return listenWith(server, uploads, closeServer)
    },
  ],
]

describe.each(HOSTS)('tus-js-client with %s', (_name, serve) => {
  let listening: Listening | undefined
  afterEach(() => listening?.close())

  it.each(['ietf-draft-03', 'ietf-draft-05'] as const)(
    'uploads in parts, and resumes, in its mode %s',
    async (protocol) => {
      const uploads = createUploadServer({ path: '/files', store: memoryStore(), downloads: true })
      listening = await serve(uploads)
      const content = randomBytes(300_000)
      const options = { endpoint: `${listening.origin}/files`, protocol, chunkSize: 100_000 }

      const uploadUrl = await uploadFirstPart(content, options)
      const before = await fetch(uploadUrl, { method: 'HEAD' })
      expect(before.headers.get('upload-complete')).toBe('?0')
      expect(before.headers.get('upload-offset')).toBe('100000')
      await resume(content, { ...options, uploadUrl })

      const after = await fetch(uploadUrl, { method: 'HEAD' })
      expect(after.headers.get('upload-complete')).toBe('?1')
      const stored = await (await fetch(uploadUrl)).arrayBuffer()
      expect(Buffer.from(stored).equals(content)).toBe(true)
    },
  )
})

type Options = NonNullable<ConstructorParameters<typeof Upload>[1]>

/** Uploads one part, aborts, and returns the URL of the upload. */
function uploadFirstPart(content: Buffer, options: Options): Promise<string> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(content, {
      ...options,
      onError: reject,
      onChunkComplete() {
        void upload.abort().then(() => resolve(upload.url ?? ''), reject)
      },
    })
    upload.start()
  })
}

/** Uploads the other parts. */
function resume(content: Buffer, options: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    new Upload(content, { ...options, onError: reject, onSuccess: () => resolve() }).start()
  })
}
