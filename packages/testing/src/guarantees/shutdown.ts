import { expect, it } from 'vitest'
import { paused } from '../client/client.ts'
import { expectAnswer, expectRefusal } from '../runner/expect-answer.ts'
import { pause } from '../runner/client-session.ts'
import type { Staged } from './guarantee-host.ts'
import { timeOf } from '../time-of.ts'

/** A server shuts down in order. */
export function leaving(staged: Staged): void {
  it(
    '`close` ends running requests with 503, keeps their bytes, and then resolves',
    staged(async ({ serve }) => {
      const talk = serve()
      const path = await talk.create()
      const answer = talk.patch(path, 0, paused('hel'))
      await expect.poll(async () => (await talk.head(path)).headers['upload-offset']).toBe('3')
      expect(await timeOf(() => talk.server.close())).toBeLessThan(1_000)
      expect(await timeOf(() => answer)).toBeLessThan(500)
      expectRefusal(await answer, 503, 'unavailable')
      expectAnswer(await answer, 503, { 'retry-after': /^\d+$/ })

      const next = serve()
      expectAnswer(await next.patch(path, 3, 'lo'), 204)
      expect(await next.contentOf(path)).toBe('hello')
    }),
  )

  it(
    'dozens of running bodies cause no leak warning, and all end with the server',
    staged(async ({ serve }) => {
      const warnings: Error[] = []
      const warn = (warning: Error): void => void warnings.push(warning)
      process.on('warning', warn)
      try {
        const talk = serve()
        const paths = await Promise.all(Array.from({ length: 40 }, () => talk.create()))
        const answers = paths.map((path) => talk.patch(path, 0, paused('hel')))
        for (const path of paths) {
          await expect.poll(async () => (await talk.head(path)).headers['upload-offset']).toBe('3')
        }
        await talk.server.close()
        for (const answer of answers) expectRefusal(await answer, 503, 'unavailable')
      } finally {
        process.off('warning', warn)
      }
      expect(warnings).toEqual([])
    }),
  )

  it(
    'a closed server starts no upload, and still reports offsets',
    staged(async ({ serve }) => {
      const talk = serve()
      const path = await talk.create()
      await talk.server.close()
      expectRefusal(await talk.send('POST /files', { 'upload-length': '5' }), 503, 'unavailable')
      expectRefusal(await talk.patch(path, 0, 'hello'), 503, 'unavailable')
      await talk.expectOffset(path, 0)
    }),
  )

  it(
    '`close` waits for a running `onComplete` hook',
    staged(async ({ serve }) => {
      let state = 'waiting'
      const talk = serve({
        hooks: {
          async onComplete() {
            state = 'running'
            await pause(200)
            state = 'complete'
          },
        },
      })
      const path = await talk.create()
      const answer = talk.patch(path, 0, 'hello')
      await expect.poll(() => state).toBe('running')
      await talk.server.close()
      expect(state).toBe('complete')
      expectAnswer(await answer, 204)
    }),
  )
}
