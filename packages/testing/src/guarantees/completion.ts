import type { NewUpload } from '@tusker/core'
import { UploadError } from '@tusker/core'
import { expect, it } from 'vitest'
import { pathOf } from '../runner/client-session.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import type { Staged } from './guarantee-host.ts'
import { idOf, storeBut } from './guarantee-host.ts'

/** The completion of an upload is recorded with it. */
export function completion(staged: Staged): void {
  it(
    'an `onComplete` hook that failed runs again with the next request, until it succeeds',
    staged(async ({ serve }) => {
      const results = [() => failing(), () => failing(), () => ({ location: '/made/1' })]
      let calls = 0
      const talk = serve({ hooks: { onComplete: () => results[calls++]?.() } })
      const path = await talk.create()
      const answer = await talk.patch(path, 0, 'hello')
      expectRefusal(answer, 500, 'internal')
      expect(answer.text).not.toContain('secret')
      expect(talk.events.at(-1)).toMatchObject({ type: 'failed', error: new Error('secret') })

      expectAnswer(await talk.head(path), 423, { 'upload-offset': null })
      expectAnswer(await talk.head(path), 200, { 'content-location': '/made/1' })
      expectAnswer(await talk.head(path), 200, { 'content-location': '/made/1' })
      expectAnswer(await talk.patch(path, 5), 204, { location: '/made/1' })
      expect(calls).toBe(3)
      expect(talk.events.filter(({ type }) => type === 'completed')).toHaveLength(1)
    }, 'a look by the draft completes no upload'),
  )

  it(
    'an `onComplete` hook that failed runs again with an empty PATCH, until it succeeds',
    staged(async ({ serve }) => {
      const results = [() => failing(), () => failing(), () => ({ location: '/made/1' })]
      let calls = 0
      const talk = serve({ hooks: { onComplete: () => results[calls++]?.() } })
      const path = await talk.create()
      expectRefusal(await talk.patch(path, 0, 'hello'), 500, 'internal')
      expectRefusal(await talk.patch(path, 5), 500, 'internal')
      const answer = await talk.patch(path, 5)
      expectAnswer(answer, 204, { location: '/made/1' })
      expectAnswer(await talk.patch(path, 5), 204, { location: '/made/1' })
      expect(calls).toBe(3)
      expect(talk.events.filter(({ type }) => type === 'completed')).toHaveLength(1)
    }),
  )

  it(
    'an upload whose bytes the application has put elsewhere keeps its outcome, and its download is 410',
    staged(async ({ serve, store }) => {
      const onComplete = () => ({ location: '/made/1', keepBytes: false })
      const talk = serve({ hooks: { onComplete } })
      const path = await talk.create()
      expectAnswer(await talk.patch(path, 0, 'hello'), 204, { location: '/made/1' })
      expectAnswer(await talk.patch(path, 5), 204, { location: '/made/1' })
      expectAnswer(await talk.head(path), 200, { 'upload-offset': '5' })
      const download = await talk.send(`GET ${path}`, { 'tus-resumable': null })
      expectAnswer(download, store.read === undefined ? 405 : 410)
      if (store.read !== undefined) expect(download.text).toContain('bytes_removed')
      expectAnswer(await talk.remove(path), 204)
    }, 'a GET by a client of the draft then reads the state'),
  )

  it(
    '`onComplete` decides about an upload that comes with its creation, and finds its bytes',
    staged(async ({ serve, store }) => {
      const seen: string[] = []
      async function onComplete({ id }: NewUpload): Promise<{ location: string }> {
        for await (const chunk of store.read?.(id, 0, 5) ?? []) {
          seen.push(new TextDecoder().decode(chunk))
        }
        return { location: '/made/1' }
      }
      const talk = serve({ hooks: { onComplete } })
      const fields = { 'upload-length': '5', 'content-type': 'application/offset+octet-stream' }
      const answer = await talk.send('POST /files', fields, 'hello')
      expectAnswer(answer, 201, { 'content-location': '/made/1' })
      expect(seen.join('')).toBe(store.read === undefined ? '' : 'hello')
      expectAnswer(await talk.head(pathOf(answer)), 200, { 'content-location': '/made/1' })
    }, 'the response of the draft has the location in another field'),
  )

  it(
    'an upload that comes with its creation is not completed when `authorize` refuses that',
    staged(async ({ serve }) => {
      const talk = serve({
        hooks: {
          authorize(action) {
            if (action === 'complete') throw new UploadError('forbidden', 'not yet')
          },
        },
      })
      const fields = { 'upload-length': '5', 'content-type': 'application/offset+octet-stream' }
      expectRefusal(await talk.send('POST /files', fields, 'hello'), 403, 'forbidden')
      expect(talk.events.filter(({ type }) => type === 'completed')).toEqual([])
    }),
  )

  it(
    'HEAD of a rejected upload is 422, also after a restart',
    staged(async ({ serve }) => {
      const onComplete = (): never => {
        throw new UploadError('rejected', 'there is a virus in it')
      }
      const talk = serve({ hooks: { onComplete } })
      const path = await talk.create()
      expectRefusal(await talk.patch(path, 0, 'hello'), 422, 'rejected')
      for (const { head } of [talk, serve({ hooks: { onComplete } })]) {
        expectAnswer(await head(path), 422, { 'upload-offset': null })
      }
    }, 'a look by the draft shows a rejected upload as complete'),
  )

  it(
    'a rejected upload stays rejected, for every request and after a restart',
    staged(async ({ serve }) => {
      let calls = 0
      function onComplete(): never {
        calls += 1
        throw new UploadError('rejected', 'there is a virus in it')
      }
      const talk = serve({ hooks: { onComplete } })
      const path = await talk.create()
      const answer = await talk.patch(path, 0, 'hello')
      expectRefusal(answer, 422, 'rejected')
      expect(answer.text).toContain('there is a virus in it')

      for (const { patch, send } of [talk, serve({ hooks: { onComplete } })]) {
        expectRefusal(await patch(path, 5), 422, 'rejected')
        expectRefusal(await patch(path, 5, '!'), 422, 'rejected')
        expectRefusal(await patch(path, 0, 'hello'), 422, 'rejected')
        expectRefusal(await send(`GET ${path}`), 422, 'rejected')
      }
      expect(calls).toBe(1)
      expect(talk.events.filter(({ type }) => type === 'rejected')).toHaveLength(1)
      expectAnswer(await talk.remove(path), 204)
    }),
  )

  it(
    'an empty PATCH at the end gets the lost last response again, and HEAD names the result',
    staged(async ({ serve }) => {
      let calls = 0
      const onComplete = () => ({
        location: `/made/${(calls += 1)}`,
        response: { status: 201, headers: { 'x-kind': 'image' }, body: '{"ok":true}' },
      })
      const talk = serve({ hooks: { onComplete } })
      const path = await talk.create()
      const expected = { location: '/made/1', 'x-kind': 'image', 'upload-offset': '5' }
      for (const { patch } of [talk, talk, serve({ hooks: { onComplete } })]) {
        const answer = await patch(path, calls === 0 ? 0 : 5, calls === 0 ? 'hello' : '')
        expectAnswer(answer, 201, expected)
        expect(answer.text).toBe('{"ok":true}')
      }
      expectAnswer(await talk.head(path), 200, {
        'content-location': '/made/1',
        location: null,
        'upload-offset': '5',
      })
      expect(calls).toBe(1)
    }),
  )

  it(
    'an upload whose process died after the last byte is completed by a sweep or a HEAD',
    staged(async ({ serve, store }) => {
      const dying = serve({ hooks: { onComplete: () => failing() } })
      const [swept, looked] = [await dying.create(), await dying.create()]
      for (const path of [swept, looked]) expectAnswer(await dying.patch(path, 0, 'hello'), 500)
      expect((await store.find(idOf(swept)))?.outcome).toBeNull()

      const { head, server, events } = serve({
        hooks: { onComplete: () => ({ location: '/made' }) },
      })
      expectAnswer(await head(looked), 200, { 'content-location': '/made' })
      expect(await server.sweep()).toMatchObject({ settled: 1 })
      expect((await store.find(idOf(swept)))?.outcome).toMatchObject({ location: '/made' })
      expect(events.map(({ type }) => type)).toEqual(['completed', 'completed'])
    }, 'a look by the draft completes no upload'),
  )

  it(
    'the `onComplete` hook runs once, however many requests arrive meanwhile',
    staged(async ({ serve }) => {
      let calls = 0
      const talk = serve({
        hooks: {
          async onComplete() {
            calls += 1
            await new Promise((resolve) => setTimeout(resolve, 200))
          },
        },
      })
      const path = await talk.create()
      const patching = talk.patch(path, 0, 'hello')
      await expect.poll(() => calls).toBe(1)
      const others = [talk.head(path), talk.head(path), talk.patch(path, 5), talk.server.sweep()]
      expectAnswer(await patching, 204)
      for (const other of await Promise.all(others)) {
        if ('status' in other) expect([200, 204]).toContain(other.status)
      }
      expect(calls).toBe(1)
    }),
  )

  it(
    'a final upload with a part that is removed at the same moment is refused, and does not exist',
    staged(async ({ serve, store }) => {
      const { create, concatenate } = store
      if (create === undefined || concatenate === undefined) return
      const removing = async (final: NewUpload): Promise<void> => {
        if (final.concatenation?.kind !== 'final') return
        await store.remove?.(final.concatenation.parts[1] ?? '', null)
      }
      const beforeLooking = storeBut(store, {
        async create(upload) {
          await removing(upload)
          return create.call(store, upload)
        },
      })
      const beforeJoining = storeBut(store, {
        async concatenate(id, parts, token) {
          await store.remove?.(parts[1] ?? '', null)
          return concatenate.call(store, id, parts, token)
        },
      })
      for (const racing of [beforeLooking, beforeJoining]) {
        const talk = serve({ store: racing })
        const partial = { 'upload-concat': 'partial' }
        const parts = [await talk.upload('a', partial), await talk.upload('b', partial)]
        const fields = { 'upload-concat': `final;${parts.join(' ')}` }
        expectRefusal(await talk.send('POST /files', fields), 400, 'invalid_part')
        const left: string[] = []
        for await (const id of store.list?.() ?? []) left.push(id)
        expect(left).toEqual([idOf(parts[0] ?? '')])
        expectAnswer(await talk.remove(parts[0] ?? ''), 204)
      }
    }),
  )

  it(
    'an upload is not completed when `authorize` refuses the completion',
    staged(async ({ serve }) => {
      let open = false
      const talk = serve({
        hooks: {
          authorize(action) {
            if (action === 'complete' && !open) throw new UploadError('forbidden', 'not now')
          },
        },
      })
      const path = await talk.create()
      expectRefusal(await talk.patch(path, 0, 'hello'), 403, 'forbidden')
      open = true
      expectAnswer(await talk.patch(path, 5), 204)
      await talk.expectOffset(path, 5)
      expect(talk.events.at(-1)).toMatchObject({ type: 'completed' })
    }),
  )
}

function failing(): never {
  throw new Error('secret')
}
