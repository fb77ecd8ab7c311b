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
import { listenOn, listenWith, socketClient, startDraftSession } from '@tusker/testing'
import express from 'express'
import { fastify } from 'fastify'
import { Hono } from 'hono'
import Koa from 'koa'
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { DefaultHttpStack, Upload } from 'tus-js-client'
import { afterEach, describe, expect, it } from 'vitest'
import { selfSigned } from '../../packages/adapter-node/test/support/certificate.ts'

type Serve = (uploads: UploadServer) => Promise<Listening>

const pair = selfSigned()
if (pair === null) console.info('node:https: skipped, there is no openssl')

// Not node:http2: in Node this client requests by `node:http` or `node:https`, so by HTTP/1.1.
const HOSTS: readonly (readonly [name: string, serve: Serve])[] = [
  ['node:http', (uploads) => listenOn(nodeHandler(uploads), uploads, {}, closeServer)],
  ...(pair === null ? [] : [['node:https', secured(pair)] as const]),
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
      const options = {
        endpoint: `${listening.origin}/files`,
        protocol,
        chunkSize: 100_000,
        httpStack: new DefaultHttpStack({ ca: pair?.cert }),
      }
      const { head, send } = startDraftSession(socketClient(listening.origin))

      const uploadUrl = await uploadFirstPart(content, options)
      const path = new URL(uploadUrl).pathname
      const before = { 'upload-complete': '?0', 'upload-offset': '100000' }
      expect((await head(path)).headers).toMatchObject(before)
      await resume(content, { ...options, uploadUrl })

      expect((await head(path)).headers).toMatchObject({ 'upload-complete': '?1' })
      expect(content.equals((await send(`GET ${path}`)).bytes)).toBe(true)
    },
  )
})

function secured(keys: NonNullable<typeof pair>): Serve {
  return (uploads) => listenWith(createTlsServer(keys, nodeHandler(uploads)), uploads, closeServer)
}

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
