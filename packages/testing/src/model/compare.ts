import { expect } from 'vitest'
import type { Model, ModelUpload } from './oracle.ts'
import { isFull, learnLengths, rejectHopeless } from './oracle.ts'
import type { Real } from './system.ts'

/** Looks at every upload there ever was, and compares. */
export async function agree(model: Model, real: Real): Promise<void> {
  learnLengths(model)
  rejectHopeless(model)
  for (const upload of model.uploads) await agreeOn(upload, real)
}

async function agreeOn(upload: ModelUpload, real: Real): Promise<void> {
  await agreeByDraft(upload, real)
  // A tus client that asks for the offset of a full upload completes it, so that is a command of its own.
  if (upload.state !== 'open' || upload.kind === 'final' || !isFull(upload)) {
    await agreeByTus(upload, real)
  }
  const download = await real.send('GET', upload.path)
  expect(download.status).toBe(DOWNLOAD_STATUS[upload.state])
  if (upload.state === 'complete') expect(download.bytes).toEqual(upload.bytes)
}

const DOWNLOAD_STATUS = { open: 404, complete: 200, rejected: 422, gone: 404 }

async function agreeByDraft(upload: ModelUpload, real: Real): Promise<void> {
  const { status, headers } = await real.sendDraft('HEAD', upload.path)
  if (upload.state === 'gone') {
    expect(status).toBe(404)
    return
  }
  const isEnded = upload.state === 'complete' || upload.state === 'rejected'
  expect({ path: upload.path, status, ...stateOf(headers) }).toEqual({
    path: upload.path,
    status: 204,
    offset: String(upload.bytes.length),
    length: upload.length === null ? undefined : String(upload.length),
    complete: isEnded ? '?1' : '?0',
  })
}

async function agreeByTus(upload: ModelUpload, real: Real): Promise<void> {
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
  expect({ path: upload.path, status, ...stateOf(headers) }).toEqual({
    path: upload.path,
    status: 200,
    offset: unjoined ? undefined : String(upload.bytes.length),
    length: upload.length === null ? undefined : String(upload.length),
    complete: undefined,
  })
}

function stateOf(headers: Readonly<Record<string, string>>): object {
  return {
    offset: headers['upload-offset'],
    length: headers['upload-length'],
    complete: headers['upload-complete'],
  }
}
