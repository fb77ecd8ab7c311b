import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { NodeContext } from '../src/index.ts'
import { nodeHandler } from '../src/index.ts'
import { handlerOf, serve } from './support/serve.ts'

const cause = new Error('the database is gone')

const failing = () =>
  createUploadServer<NodeContext>({
    path: '/files',
    store: memoryStore(),
    hooks: {
      onComplete: () => {
        throw cause
      },
    },
  })

async function complete(origin: string): Promise<Response> {
  const headers = { 'tus-resumable': '1.0.0', 'upload-length': '0' }
  return fetch(`${origin}/files?token=secret`, { method: 'POST', headers })
}

describe('an unexpected error of nodeHandler', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is printed with its request, its hook and its upload, but without the query', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    const { origin } = await serve(nodeHandler(failing()))
    const response = await complete(origin)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('database')
    const text =
      /^tusker: unexpected error in the hook onComplete for the upload [\da-f]{32}, POST \/files:$/
    expect(print.mock.calls).toEqual([['%s', expect.stringMatching(text), cause]])
  })

  it('is printed with the id of the upload in the path, also without a hook', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    const error = new Error('the disk is gone')
    const { origin } = await serve(nodeHandler(handlerOf(() => Promise.reject(error))))
    expect((await fetch(`${origin}/files/a%64`)).status).toBe(500)
    expect(print.mock.calls).toEqual([['%s', 'tusker: unexpected error, GET /files/a%64:', error]])
  })

  it('is not printed for a caller with its own onError', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    const onError = vi.fn()
    const { origin } = await serve(nodeHandler(failing(), { onError }))
    expect((await complete(origin)).status).toBe(500)
    expect(onError).toHaveBeenCalledExactlyOnceWith(cause, expect.anything())
    expect(print).not.toHaveBeenCalled()
  })
})
