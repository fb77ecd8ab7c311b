import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { agree } from './compare.ts'
import type { Model, ModelUpload } from './oracle.ts'
import { complete, expire, grow, isAppendable, lengthOf, room } from './oracle.ts'
import type { Answer, Body, Real } from './system.ts'

/** Something a client, the network or the clock does. Afterwards server and model must agree. */
type Command = fc.AsyncCommand<Model, Real>

/** Points at one of the uploads there are by then, however many. */
const pick = fc.nat({ max: 1_000 })
const byte = fc.nat({ max: 255 })
const bytes = fc.array(byte, { minLength: 1, maxLength: 40 })

/** Every kind of command, with its details chosen at random. */
export const commands: fc.Arbitrary<Command>[] = [
  fc.tuple(fc.option(fc.nat({ max: 60 })), fc.boolean()).map(create),
  fc.tuple(fc.nat({ max: 30 }), bytes).map(createWithBytes),
  fc.tuple(pick, bytes).map(append),
  fc.tuple(pick, bytes).map(append),
  fc.tuple(pick, bytes, fc.integer({ min: 1, max: 40 })).map(appendCut),
  fc.tuple(pick, bytes, fc.boolean()).map(appendChecked),
  fc.tuple(pick, fc.constantFrom(-2, -1, 1, 2)).map(appendElsewhere),
  fc.tuple(pick, fc.nat({ max: 60 })).map(declareLength),
  pick.map(fill),
  fc.array(pick, { minLength: 1, maxLength: 4 }).map(join),
  pick.map(terminate),
  fc.constant(restart()),
  fc.integer({ min: 1, max: 700 }).map(pass),
]

function create([length, partial]: [number | null, boolean]): Command {
  return command(
    `create ${length ?? 'of unknown length'}${partial ? ', partial' : ''}`,
    async (model, real) => {
      const answer = await real.send('POST', '/files', {
        ...(length === null ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
        ...(partial ? { 'upload-concat': 'partial' } : {}),
      })
      remember(model, real, answer, { kind: partial ? 'partial' : 'whole', length })
    },
  )
}

function createWithBytes([spare, content]: [number, number[]]): Command {
  return command(`create with ${content.length}, ${spare} more to come`, async (model, real) => {
    const length = content.length + spare
    const fields = { 'upload-length': String(length) }
    const answer = await real.send('POST', '/files', fields, { bytes: content })
    grow(model, remember(model, real, answer, { kind: 'whole', length }), content, real.now())
  })
}

function append([at, content]: [number, number[]]): Command {
  return onUpload(`append ${content.length}`, at, isAppendable, async (model, real, upload) => {
    const fits = content.length <= room(upload)
    const answer = await patch(real, upload, { bytes: content })
    expect(answer.status).toBe(fits ? 204 : 413)
    if (fits) grow(model, upload, content, real.now())
  })
}

function appendCut([at, content, after]: [number, number[], number]): Command {
  return onUpload(
    `lose the client after ${after}`,
    at,
    isAppendable,
    async (model, real, upload) => {
      const announced = content.slice(0, room(upload))
      const cut = Math.min(after, announced.length)
      await patch(real, upload, { bytes: announced, cut })
      grow(model, upload, announced.slice(0, cut), real.now())
    },
  )
}

function appendChecked([at, content, right]: [number, number[], boolean]): Command {
  const name = `append ${content.length}, ${right ? 'rightly' : 'wrongly'} checked`
  return onUpload(name, at, isAppendable, async (model, real, upload) => {
    const fits = content.length <= room(upload)
    const digest = createHash('sha1').update(Uint8Array.from(right ? content : [0, ...content]))
    const fields = { 'upload-checksum': `sha1 ${digest.digest('base64')}` }
    const answer = await patch(real, upload, { bytes: content }, fields)
    expect(answer.status).toBe(!fits ? 413 : right ? 204 : 460)
    if (fits && right) grow(model, upload, content, real.now())
  })
}

function appendElsewhere([at, away]: [number, number]): Command {
  return onUpload(`append ${away} away`, at, isAppendable, async (_model, real, upload) => {
    const offset = upload.bytes.length + away
    if (offset < 0) return
    const answer = await patch(real, upload, { bytes: [1] }, { 'upload-offset': String(offset) })
    expect(answer.status).toBe(409)
  })
}

function declareLength([at, length]: [number, number]): Command {
  return onUpload(`declare ${length}`, at, isAppendable, async (model, real, upload) => {
    const possible = length >= upload.bytes.length && (upload.length ?? length) === length
    const answer = await patch(real, upload, { bytes: [] }, { 'upload-length': String(length) })
    expect(answer.status).toBe(possible ? 204 : 400)
    if (possible) upload.length = length
    complete(model, real.now())
  })
}

/** Random appends seldom end an upload exactly: this one does. */
function fill(at: number): Command {
  return onUpload('fill', at, isAppendable, async (model, real, upload) => {
    if (upload.length === null) return
    const content = Array.from({ length: room(upload) }, (_, index) => index % 256)
    const answer = await patch(real, upload, { bytes: content })
    expect(answer.status).toBe(204)
    grow(model, upload, content, real.now())
  })
}

function join(picks: number[]): Command {
  const isPartial = (upload: ModelUpload): boolean => upload.kind === 'partial'
  return command(`join ${picks.length}`, async (model, real) => {
    const partials = model.uploads.filter(isPartial)
    const parts = picks.flatMap((at) => partials[at % partials.length] ?? [])
    if (parts.length === 0) return
    const earlier = model.uploads.find((upload) => isMadeOf(upload, parts))
    const possible = earlier !== undefined || parts.every(({ state }) => state !== 'gone')
    const field = `final;${parts.map(({ path }) => path).join(' ')}`
    const answer = await real.send('POST', '/files', { 'upload-concat': field })
    if (!possible) {
      expect(answer.status).toBe(400)
      return
    }
    if (earlier !== undefined) {
      expect(answer.headers['location']).toBe(earlier.path)
      return
    }
    const length = lengthOf(parts)
    remember(model, real, answer, { kind: 'final', length, parts })
  })
}

/** True for a final upload that the same request has created. */
function isMadeOf({ state, parts }: ModelUpload, others: readonly ModelUpload[]): boolean {
  if (state !== 'open' && state !== 'complete') return false
  if (parts.length === 0 || parts.length !== others.length) return false
  return parts.every((part, index) => part === others[index])
}

function terminate(at: number): Command {
  return onUpload(
    'terminate',
    at,
    () => true,
    async (_model, real, upload) => {
      const answer = await real.send('DELETE', upload.path)
      expect(answer.status).toBe(upload.state === 'gone' ? 404 : 204)
      upload.state = 'gone'
    },
  )
}

function restart(): Command {
  return command('restart', (_model, real) => real.restart())
}

function pass(milliseconds: number): Command {
  return command(`let ${milliseconds} ms pass`, async (model, real) => {
    real.pass(milliseconds)
    await real.sweep()
    expire(model, real.now())
  })
}

type Play = (model: Model, real: Real) => Promise<void>

function command(name: string, play: Play): Command {
  return {
    check: () => true,
    async run(model, real) {
      await play(model, real)
      await agree(model, real)
    },
    toString: () => name,
  }
}

function onUpload(
  name: string,
  at: number,
  fits: (upload: ModelUpload) => boolean,
  play: (model: Model, real: Real, upload: ModelUpload) => Promise<void>,
): Command {
  return command(`${name} (${at})`, async (model, real) => {
    const candidates = model.uploads.filter(fits)
    const upload = candidates[at % candidates.length]
    if (upload !== undefined) await play(model, real, upload)
  })
}

function patch(
  real: Real,
  upload: ModelUpload,
  body: Body,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const offset = String(upload.bytes.length)
  return real.send('PATCH', upload.path, { 'upload-offset': offset, ...fields }, body)
}

function remember(
  model: Model,
  real: Real,
  answer: Answer,
  facts: Pick<ModelUpload, 'kind' | 'length'> & Partial<Pick<ModelUpload, 'parts'>>,
): ModelUpload {
  expect(answer.status).toBe(201)
  const path = answer.headers['location'] ?? ''
  // The id of a final upload follows from its parts, so one that was removed can come back.
  const before = model.uploads.findIndex((upload) => upload.path === path)
  if (before !== -1) expect(model.uploads.splice(before, 1)[0]?.state).toBe('gone')
  const upload: ModelUpload = {
    path,
    bytes: [],
    parts: [],
    createdAt: real.now(),
    updatedAt: real.now(),
    state: 'open',
    ...facts,
  }
  model.uploads.push(upload)
  complete(model, real.now())
  return upload
}
