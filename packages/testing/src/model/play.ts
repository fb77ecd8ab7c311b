import fc from 'fast-check'
import { expect } from 'vitest'
import { agree } from './compare.ts'
import type { Model, ModelUpload } from './oracle.ts'
import { complete } from './oracle.ts'
import type { Answer, Real } from './system.ts'

/** Something a client, the network or the clock does. Afterwards server and model must agree. */
export type Command = fc.AsyncCommand<Model, Real>

/** Points at one of the uploads there are by then, however many. */
export const pick = fc.nat({ max: 1_000 })
/** The content of one request. */
export const bytes = fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 40 })

type Play = (model: Model, real: Real) => Promise<void>

/** A command that is always possible. */
export function command(name: string, play: Play): Command {
  return {
    check: () => true,
    async run(model, real) {
      await play(model, real)
      await agree(model, real)
    },
    toString: () => name,
  }
}

/** A command on one of the uploads that fit. Does nothing if there is none. */
export function onUpload(
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

/** The URL of the upload that a request has just created. */
export function createdBy({ status, headers }: Answer): string {
  expect(status).toBe(201)
  return headers['location'] ?? ''
}

type Facts = Pick<ModelUpload, 'kind' | 'length'> &
  Partial<Pick<ModelUpload, 'parts' | 'isExplicit'>>

/** Adds an upload that a request has just created to the model. */
export function remember(model: Model, real: Real, path: string, facts: Facts): ModelUpload {
  // The id of a final upload follows from its parts, so one that was removed can come back.
  const before = model.uploads.findIndex((upload) => upload.path === path)
  if (before !== -1) expect(model.uploads.splice(before, 1)[0]?.state).toBe('gone')
  const upload: ModelUpload = {
    path,
    bytes: [],
    parts: [],
    isExplicit: false,
    createdAt: real.now(),
    updatedAt: real.now(),
    state: 'open',
    ...facts,
  }
  model.uploads.push(upload)
  complete(model, real.now())
  return upload
}
