import type { HttpRequest } from '@tusker/core'
import { errorResponse, UploadError } from '@tusker/core'
import { expect, it } from 'vitest'
import type { ProgressEvent } from '../progress/progress-event.ts'
import { reportRefusals } from './report-refusals.ts'

it.each([
  ['application/json', 'PATCH', 'offset_mismatch'],
  ['text/plain', 'PATCH', 'offset_mismatch'],
  ['*/*', 'HEAD', ''],
])('reportRefusals reports an error response as %s to %s', async (accept, method, code) => {
  const events: ProgressEvent[] = []
  const request = { method, path: '/files/u1', headers: new Headers({ accept }) }
  const refused = errorResponse(request, new UploadError('offset_mismatch', 'at another offset'))
  const handler = { matches: () => true, handle: () => Promise.resolve(refused) }

  const reporting = reportRefusals(handler, (event) => void events.push(event))
  expect(await reporting.handle(request as unknown as HttpRequest)).toBe(refused)
  expect(events).toEqual([{ kind: 'refused', method, path: '/files/u1', status: 409, code }])
})
