import { createUploadServer } from '@tusker/core'
import { memoryStore } from '@tusker/store-memory'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fetchHandler } from './index.ts'

const cause = new Error('the database is gone')

const failing = () =>
  createUploadServer<Request>({
    path: '/files',
    store: memoryStore(),
    hooks: { identify: () => Promise.reject(cause) },
  })

const creation = () =>
  new Request('http://host/files?token=secret', {
    method: 'POST',
    headers: { 'tus-resumable': '1.0.0', 'upload-length': '5' },
  })

describe('an unexpected error of fetchHandler', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is printed with its request and its hook, but without the query', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    expect((await fetchHandler(failing())(creation())).status).toBe(500)
    expect(print.mock.calls).toEqual([
      ['%s', 'tusker: unexpected error in the hook identify, POST /files:', cause],
    ])
  })

  it('is not printed for a caller with its own onError', async () => {
    const print = vi.spyOn(console, 'error').mockReturnValue()
    const onError = vi.fn()
    expect((await fetchHandler(failing(), { onError })(creation())).status).toBe(500)
    expect(onError).toHaveBeenCalledOnce()
    expect(print).not.toHaveBeenCalled()
  })
})
