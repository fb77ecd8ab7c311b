import fc from 'fast-check'
import { expect } from 'vitest'
import type { Model, ModelUpload } from './oracle.ts'
import { add, grow, isAppendable, isFull, room } from './oracle.ts'
import type { Command } from './play.ts'
import { bytes, command, createdBy, onUpload, pick, remember } from './play.ts'
import type { Answer, Real } from './system.ts'

/** Content of a request of the draft. */
interface Content {
  readonly bytes: readonly number[]
  /** True if it is the last content of the upload. */
  readonly isLast: boolean
  /** True if the client announces no length of the content. */
  readonly isChunked: boolean
}

const contents: fc.Arbitrary<Content> = fc.record({
  bytes: fc.oneof(fc.constant([]), bytes, bytes),
  isLast: fc.boolean(),
  isChunked: fc.boolean(),
})
const lengths = fc.option(fc.nat({ max: 60 }))
const cuts = fc.integer({ min: 1, max: 40 })

/** The commands of clients of the draft. They use the uploads of tus clients as well. */
export const draftCommands: fc.Arbitrary<Command>[] = [
  fc.tuple(lengths, contents, fc.boolean()).map(create),
  fc.tuple(lengths, contents, cuts, fc.boolean()).map(createCut),
  fc.tuple(pick, contents).map(append),
  fc.tuple(pick, contents).map(append),
  fc.tuple(pick, contents, cuts).map(appendCut),
  fc.tuple(pick, fc.boolean()).map(fill),
  fc.tuple(pick, fc.nat({ max: 60 })).map(declareLength),
  fc.tuple(pick, fc.constantFrom(-2, -1, 1, 2)).map(appendElsewhere),
  fc.tuple(pick, fc.boolean()).map(repeat),
  pick.map(cancel),
  pick.map(look),
]

function create([length, content, takes104]: [number | null, Content, boolean]): Command {
  const name = `draft: create ${length ?? 'of unknown length'} with ${textOf(content)}`
  return command(`${name}${takes104 ? ', 104' : ''}`, async (model, real) => {
    const before = await real.count()
    const answer = await post(real, length, content, { takes104 })
    const fate = fateOf({ bytes: [], length }, content)
    if (fate === 'appended' || fate === 'completed') {
      const upload = rememberExplicit(model, real, createdBy(answer), length)
      settle(model, real, upload, content, fate)
      return
    }
    expect(answer.status).toBe(400)
    // The client of an announced upload can resume it, unless it sent too much.
    if (fate === 'short' && takes104) {
      add(model, announcedBy(model, real, answer, length), content.bytes, real.now())
    } else {
      expect(await real.count()).toBe(before)
    }
  })
}

function createCut([length, content, after, takes104]: [
  number | null,
  Content,
  number,
  boolean,
]): Command {
  const name = `draft: lose the client of a creation of ${length ?? 'unknown length'} after ${after} of`
  return command(`${name} ${textOf(content)}`, async (model, real) => {
    const sent = content.bytes.slice(0, after)
    const announced = { ...content, bytes: content.bytes.slice(0, length ?? content.bytes.length) }
    if (isContradiction({ bytes: [], length }, announced) || sent.length >= announced.bytes.length)
      return
    const before = await real.count()
    const answer = await post(real, length, announced, { takes104, cut: sent.length })
    if (!takes104) {
      expect(await real.count()).toBe(before)
      return
    }
    const known = endOf({ bytes: [] }, announced) ?? length
    add(model, announcedBy(model, real, answer, known), sent, real.now())
  })
}

function append([at, content]: [number, Content]): Command {
  return onUpload(
    `draft: append ${textOf(content)}`,
    at,
    isAppendable,
    async (model, real, upload) => {
      const fate = fateOf(upload, content)
      const answer = await patch(real, upload, content)
      expect(answer.status).toBe(statusAfter(upload, content, fate))
      settle(model, real, upload, content, fate)
    },
  )
}

function appendCut([at, content, after]: [number, Content, number]): Command {
  const name = `draft: lose the client after ${after} of ${textOf(content)}`
  return onUpload(name, at, isAppendable, async (model, real, upload) => {
    const announced = { ...content, bytes: content.bytes.slice(0, room(upload)) }
    const sent = announced.bytes.slice(0, after)
    if (isContradiction(upload, announced) || sent.length === announced.bytes.length) return
    await patch(real, upload, announced, { cut: sent.length })
    upload.length ??= endOf(upload, announced)
    add(model, upload, sent, real.now())
  })
}

/** Random appends seldom end an upload exactly: this one does. */
function fill([at, isLast]: [number, boolean]): Command {
  return onUpload(
    `draft: ${isLast ? 'complete' : 'fill'}`,
    at,
    isAppendable,
    async (model, real, upload) => {
      if (upload.length === null) return
      const rest = Array.from({ length: room(upload) }, (_, index) => index % 256)
      const content = { bytes: rest, isLast, isChunked: false }
      const fate = fateOf(upload, content)
      const answer = await patch(real, upload, content)
      expect(answer.status).toBe(statusAfter(upload, content, fate))
      settle(model, real, upload, content, fate)
    },
  )
}

function declareLength([at, length]: [number, number]): Command {
  return onUpload(`draft: declare ${length}`, at, isAppendable, async (model, real, upload) => {
    const possible = length >= upload.bytes.length && (upload.length ?? length) === length
    const content = { bytes: [], isLast: false, isChunked: false }
    const answer = await patch(real, upload, content, {}, { 'upload-length': String(length) })
    if (possible) upload.length = length
    expect(answer.status).toBe(possible ? statusAfter(upload, content, 'appended') : 400)
    if (possible) add(model, upload, [], real.now())
  })
}

function appendElsewhere([at, away]: [number, number]): Command {
  return onUpload(`draft: append ${away} away`, at, isAppendable, async (_model, real, upload) => {
    const offset = upload.bytes.length + away
    if (offset < 0) return
    const content = { bytes: [1], isLast: false, isChunked: false }
    const answer = await patch(real, upload, content, {}, { 'upload-offset': String(offset) })
    expect(answer.status).toBe(409)
    expect(answer.headers['upload-offset']).toBe(String(upload.bytes.length))
  })
}

/** A client that lost the final response repeats its last request. Content is refused. */
function repeat([at, isEmpty]: [number, boolean]): Command {
  const isEnded = ({ state, kind }: ModelUpload): boolean =>
    state === 'complete' && kind !== 'final'
  const name = isEmpty ? 'draft: repeat the last request' : 'draft: append to a complete upload'
  return onUpload(name, at, isEnded, async (_model, real, upload) => {
    const content = { bytes: isEmpty ? [] : [1], isLast: true, isChunked: false }
    expect((await patch(real, upload, content)).status).toBe(isEmpty ? 201 : 400)
  })
}

function cancel(at: number): Command {
  const any = (): boolean => true
  return onUpload('draft: cancel', at, any, async (_model, real, upload) => {
    const answer = await real.sendDraft('DELETE', upload.path)
    expect(answer.status).toBe(upload.state === 'gone' ? 404 : 204)
    upload.state = 'gone'
  })
}

/** A tus client that asks for the offset of a full upload completes it. */
function look(at: number): Command {
  const fits = (upload: ModelUpload): boolean => isAppendable(upload) && isFull(upload)
  return onUpload('look', at, fits, async (model, real, upload) => {
    expect((await real.send('HEAD', upload.path)).status).toBe(200)
    grow(model, upload, [], real.now())
  })
}

/**
 * What becomes of content: it is appended, it completes the upload, it contradicts the length at once
 * (`refused`), it ends before the length (`short`), or it goes beyond the length, which removes the upload.
 */
type Fate = 'appended' | 'completed' | 'refused' | 'short' | 'removed'

type Known = Pick<ModelUpload, 'bytes' | 'length'>

function fateOf(upload: Known, content: Content): Fate {
  if (isContradiction(upload, content)) return 'refused'
  const end = upload.bytes.length + content.bytes.length
  const { length } = upload
  if (length !== null && end > length) return 'removed'
  if (!content.isLast) return 'appended'
  return length !== null && end < length ? 'short' : 'completed'
}

/** True if the announced length of the last content is not what is left of the upload. */
function isContradiction(upload: Known, content: Content): boolean {
  const end = endOf(upload, content)
  return end !== null && upload.length !== null && upload.length !== end
}

/** The length of the upload that the content announces; null if it announces none. */
function endOf({ bytes: before }: Pick<Known, 'bytes'>, content: Content): number | null {
  return content.isLast && !content.isChunked ? before.length + content.bytes.length : null
}

function statusAfter(upload: ModelUpload, { bytes: added }: Content, fate: Fate): number {
  if (fate === 'completed') return 201
  if (fate !== 'appended') return 400
  const isWhole = upload.bytes.length + added.length === upload.length
  return isWhole && !upload.isExplicit ? 201 : 204
}

/** Does to the model what the server did. */
function settle(
  model: Model,
  real: Real,
  upload: ModelUpload,
  { bytes: added }: Content,
  fate: Fate,
): void {
  if (fate === 'removed') upload.state = 'gone'
  if (fate === 'completed') upload.length = upload.bytes.length + added.length
  if (fate === 'completed') grow(model, upload, added, real.now())
  if (fate === 'appended' || fate === 'short') add(model, upload, added, real.now())
}

function announcedBy(
  model: Model,
  real: Real,
  { announced }: Answer,
  length: number | null,
): ModelUpload {
  expect(announced).not.toBeNull()
  return rememberExplicit(model, real, announced ?? '', length)
}

function rememberExplicit(
  model: Model,
  real: Real,
  path: string,
  length: number | null,
): ModelUpload {
  return remember(model, real, path, { kind: 'whole', length, isExplicit: true })
}

interface Way {
  readonly cut?: number
  readonly takes104?: boolean
}

function post(real: Real, length: number | null, content: Content, way: Way): Promise<Answer> {
  const fields = {
    'upload-complete': content.isLast ? '?1' : '?0',
    ...(length === null ? {} : { 'upload-length': String(length) }),
  }
  const { bytes: sent, isChunked } = content
  return real.sendDraft('POST', '/files', fields, { bytes: sent, isChunked, ...way })
}

function patch(
  real: Real,
  upload: ModelUpload,
  { bytes: sent, isLast, isChunked }: Content,
  way: Way = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const fields = {
    'upload-offset': String(upload.bytes.length),
    'upload-complete': isLast ? '?1' : '?0',
    ...more,
  }
  return real.sendDraft('PATCH', upload.path, fields, { bytes: sent, isChunked, ...way })
}

function textOf({ bytes: { length }, isLast, isChunked }: Content): string {
  return `${length}${isLast ? ', the last' : ''}${isChunked ? ', of unannounced length' : ''}`
}
