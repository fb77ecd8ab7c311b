import { expect, it } from 'vitest'
import { paused, streamed } from '../client/client.ts'
import { expectAnswer } from '../runner/expect-answer.ts'
import type { Staged } from './guarantee-host.ts'

const WITH_CREATION = {
  'upload-length': '5',
  'content-type': 'application/offset+octet-stream',
}

/** Events report what happens. */
export function events(staged: Staged): void {
  it(
    'events are reported in the order in which things happen',
    staged(async ({ serve }) => {
      const talk = serve()
      const path = await talk.create()
      expectAnswer(await talk.patch(path, 0, 'hel'), 204)
      expectAnswer(await talk.patch(path, 3, 'lo'), 204)
      expectAnswer(await talk.head(path), 200)
      expectAnswer(await talk.remove(path), 204)
      const id = path.slice('/files/'.length)
      expect(talk.events).toMatchObject([
        { type: 'created', upload: { id, length: 5, offset: 0, outcome: null } },
        { type: 'progress', upload: { id, offset: 3 } },
        { type: 'progress', upload: { id, offset: 5 } },
        { type: 'completed', upload: { id, offset: 5, outcome: { kind: 'accepted' } } },
        { type: 'removed', id, reason: 'terminated' },
      ])
    }),
  )

  it(
    'an upload that comes with its creation is reported like any other',
    staged(async ({ serve }) => {
      const talk = serve()
      expectAnswer(await talk.send('POST /files', WITH_CREATION, 'hello'), 201)
      expect(talk.events).toMatchObject([
        { type: 'created', upload: { length: 5, offset: 0, outcome: null } },
        { type: 'progress', upload: { offset: 5, outcome: null } },
        { type: 'completed', upload: { offset: 5, outcome: { kind: 'accepted' } } },
      ])
    }),
  )

  it(
    'a creation that is cut off in its bytes reports no progress and leaves no upload',
    staged(async ({ serve, store }) => {
      const talk = serve()
      await talk.sendUntil(2, 'POST /files', WITH_CREATION, 'hello')
      const left: string[] = []
      for await (const id of store.list?.() ?? []) left.push(id)
      expect(left).toEqual([])
      expect(talk.events.filter(({ type }) => type === 'completed')).toEqual([])
    }, 'a client of the draft learns the URL from a 104 response'),
  )

  it(
    'a creation whose client stops in its bytes is ended after idleTimeout, and leaves no upload',
    staged(async ({ serve, store }) => {
      const talk = serve({ idleTimeout: 50 })
      const fields = { ...WITH_CREATION, 'content-length': '5' }
      expectAnswer(await talk.send('POST /files', fields, paused('he')), 423)
      const left: string[] = []
      for await (const id of store.list?.() ?? []) left.push(id)
      expect(left).toEqual([])
    }, 'a client of the draft learns the URL from a 104 response'),
  )

  it(
    'progress is reported at most once a second, and always for the last bytes',
    staged(async ({ serve }) => {
      const talk = serve()
      const path = await talk.create({ 'upload-length': '1000' })
      const pieces = Array.from({ length: 100 }, () => 'x'.repeat(10))
      expectAnswer(await talk.patch(path, 0, streamed(pieces)), 204)
      const reported = talk.events.filter(({ type }) => type === 'progress')
      expect(reported.length).toBeLessThan(10)
      expect(reported.at(-1)).toMatchObject({ upload: { offset: 1000 } })
    }),
  )

  it(
    'a listener that throws fails no request',
    staged(async ({ serve }) => {
      const talk = serve({
        onEvent() {
          throw new Error('listener')
        },
      })
      expect(await talk.contentOf(await talk.upload('hello'))).toBe('hello')
    }),
  )
}
