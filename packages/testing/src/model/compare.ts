import { expect } from 'vitest'
import type { Model, ModelUpload } from './oracle.ts'
import { learnLengths, rejectHopeless } from './oracle.ts'
import type { Real } from './system.ts'

/** Looks at every upload there ever was, and compares. */
export async function agree(model: Model, real: Real): Promise<void> {
  learnLengths(model)
  rejectHopeless(model)
  for (const upload of model.uploads) await agreeOn(upload, real)
}

async function agreeOn(upload: ModelUpload, real: Real): Promise<void> {
  const { status, headers } = await real.send('HEAD', upload.path)
  if (upload.state === 'gone') {
    expect(status).toBe(404)
    return
  }
  if (upload.state === 'rejected') {
    expect(status).toBe(422)
    return
  }
  const unjoined = upload.kind === 'final' && upload.state === 'open'
  expect({ path: upload.path, status, ...seen(headers) }).toEqual({
    path: upload.path,
    status: 200,
    offset: unjoined ? undefined : String(upload.bytes.length),
    length: upload.length === null ? undefined : String(upload.length),
  })

  const download = await real.send('GET', upload.path)
  expect(download.status).toBe(upload.state === 'complete' ? 200 : 404)
  if (upload.state === 'complete') expect(download.bytes).toEqual(upload.bytes)
}

function seen(headers: Readonly<Record<string, string>>): object {
  return { offset: headers['upload-offset'], length: headers['upload-length'] }
}
