import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { ModelUpload } from './oracle.ts'
import { expire, grow, isAppendable, lengthOf, room } from './oracle.ts'
import type { Command } from './play.ts'
import { bytes, command, createdBy, onUpload, pick, remember } from './play.ts'
import type { Answer, Body, Real } from './system.ts'

/** The commands of tus clients, of the network and of the clock, with their details chosen at random. */
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
      remember(model, real, createdBy(answer), { kind: partial ? 'partial' : 'whole', length })
    },
  )
}

function createWithBytes([spare, content]: [number, number[]]): Command {
  return command(`create with ${content.length}, ${spare} more to come`, async (model, real) => {
    const length = content.length + spare
    const fields = { 'upload-length': String(length) }
    const answer = await real.send('POST', '/files', fields, { bytes: content })
    grow(
      model,
      remember(model, real, createdBy(answer), { kind: 'whole', length }),
      content,
      real.now(),
    )
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
    if (!possible) return
    upload.length = length
    grow(model, upload, [], real.now())
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
    remember(model, real, createdBy(answer), { kind: 'final', length, parts })
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

function patch(
  real: Real,
  upload: ModelUpload,
  body: Body,
  fields: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const offset = String(upload.bytes.length)
  return real.send('PATCH', upload.path, { 'upload-offset': offset, ...fields }, body)
}
