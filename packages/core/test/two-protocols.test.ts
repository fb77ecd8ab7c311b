import type { ClientSession, DraftSession, HostOptions } from '@tusker/testing'
import { expectProblem, startDraftSession, startSession } from '@tusker/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { resumableUpload, tus, UploadError } from '../src/index.ts'
import { openHost } from './support/memory-host.ts'

describe('one URL with two protocols', () => {
  let close: () => Promise<void> = () => Promise.resolve()
  afterEach(() => close())

  async function open(options: HostOptions = {}): Promise<[ClientSession, DraftSession]> {
    const host = await openHost(options)
    close = host.close
    return [startSession(host), startDraftSession(host)]
  }

  it('a client of the draft can complete an upload that a tus client created, by its length alone', async () => {
    const [old, draft] = await open()
    const path = await old.create({ 'upload-length': '10' })
    await old.patch(path, 0, 'hello')
    const looked = await draft.head(path)
    expect(looked).toMatchObject({ status: 204, headers: { 'upload-offset': '5' } })
    const answer = await draft.append(path, 5, 'world')
    expect(answer.headers['upload-complete']).toBe('?1')
    expect((await old.head(path)).headers['upload-offset']).toBe('10')
    expect(await old.contentOf(path)).toBe('helloworld')
  })

  it('a tus client can complete an upload that a client of the draft created', async () => {
    const [old, draft] = await open()
    const path = await draft.create()
    await draft.append(path, 0, 'hello')
    expect((await old.head(path)).headers).toMatchObject({
      'upload-offset': '5',
      'upload-length': '10',
    })
    expect((await old.patch(path, 5, 'world')).status).toBe(204)
    expect((await draft.head(path)).headers['upload-complete']).toBe('?1')
  })

  it('a HEAD of tus completes an upload of the draft that has all its bytes, and a sweep does not', async () => {
    const [old, draft] = await open()
    const path = await draft.create()
    await draft.append(path, 0, 'helloworld')
    expect(await draft.server.sweep()).toMatchObject({ settled: 0 })
    await draft.expectOffset(path, 10)
    expect((await old.head(path)).status).toBe(200)
    expect((await draft.head(path)).headers['upload-complete']).toBe('?1')
  })

  it('clients of both protocols get the rejection of an upload', async () => {
    const [old, draft] = await open({
      hooks: {
        onComplete() {
          throw new UploadError('rejected', 'a virus')
        },
      },
    })
    const path = await draft.create()
    const answer = await draft.complete(path, 0, 'helloworld')
    expectProblem(answer, 422, 'rejected')
    expect(answer.headers['upload-complete']).toBe('?1')
    expect((await draft.head(path)).headers['upload-complete']).toBe('?1')
    expect((await old.head(path)).status).toBe(422)
    expect((await old.patch(path, 10)).status).toBe(422)
  })

  it('each of the two protocols can be switched off', async () => {
    const [, onlyOld] = await open({ protocols: [tus()] })
    expect((await onlyOld.send('POST /files', { 'upload-complete': '?1' }, 'x')).status).toBe(412)
    expect((await onlyOld.send('OPTIONS /files')).headers['upload-limit']).toBeUndefined()
    await close()
    const [old] = await open({ protocols: [resumableUpload()] })
    expect((await old.send('POST /files', { 'upload-length': '5' })).status).toBe(400)
    expect(await old.announced()).not.toHaveProperty('tus-version')
  })

  it('no value of a field of the draft causes a 5xx response', async () => {
    const [, draft] = await open()
    const path = await draft.create()
    const fields = [
      'upload-offset',
      'upload-complete',
      'upload-incomplete',
      'upload-length',
      'upload-metadata',
      'upload-draft-interop-version',
      'content-digest',
      'content-disposition',
      'content-length',
      'content-type',
      'repr-digest',
      'want-repr-digest',
    ]
    const values = [
      '',
      ' ',
      '-1',
      '?1',
      '?1;a',
      '1e3',
      '(',
      'a=(',
      '\u00ff',
      '"',
      '9'.repeat(30),
      '%"',
    ]
    for (const field of fields) {
      for (const value of values) {
        const requests = [
          draft.send('POST /files', { 'upload-complete': '?0', [field]: value }, 'x'),
          draft.append(path, 7, 'x', { [field]: value }),
          draft.head(path, { [field]: value }),
        ]
        for (const { status } of await Promise.all(requests)) expect(status).toBeLessThan(500)
      }
    }
    await draft.expectOffset(path, 0)
  })
})
