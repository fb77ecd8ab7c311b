import { prepareServer } from '@tusker/adapter-node'
import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { listenWith, statusOfSilentBody } from '@tusker/testing'
import type { Listening } from '@tusker/testing'
import express from 'express'
import { createServer } from 'node:http'
import { expressUploads } from '../src/index.ts'
import { afterEach, expect, it } from 'vitest'

let listening: Listening | undefined
afterEach(() => listening?.close())

async function open(): Promise<Listening> {
  const uploads = createUploadServer({ path: '/files', store: memoryStore() })
  const app = express().use(expressUploads(uploads)).use(express.json())
  const server = createServer((req, res) => void app(req, res))
  prepareServer(server, { idleTimeout: 200 })
  return listenWith(server, uploads, () => Promise.resolve())
}

it('a silent JSON body of a route of Express is ended with 408', async () => {
  listening = await open()
  expect(await statusOfSilentBody(listening.origin)).toBe(408)
})
