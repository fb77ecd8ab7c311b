import { UploadError } from '@tusker/core'
import { damaged } from '../errors.ts'
import type { Argument, Commands, Script } from './commands.ts'

/** What a script answers: what came of it, and what goes with that. */
export interface Answer {
  readonly state: string
  readonly details: readonly string[]
}

/** Bytes that Redis had no room for. */
const FULL = /\bOOM\b/

/** Seconds after which a client that found no room may try again. */
const RETRY_AFTER = '10'

/**
 * Runs a script.
 *
 * @throws UploadError `unavailable` when Redis has no memory left
 */
export async function ask(
  commands: Commands,
  script: Script,
  keys: readonly string[],
  args: readonly Argument[],
): Promise<Answer> {
  try {
    // All our scripts answer texts.
    const reply = (await commands.run(script, keys, args)) as readonly Buffer[]
    const [state = '', ...details] = reply.map((text) => String(text))
    return { state, details }
  } catch (error) {
    if (!(error instanceof Error) || !FULL.test(error.message)) throw error
    const headers = { 'retry-after': RETRY_AFTER }
    throw new UploadError('unavailable', 'there is no room now, try again later', {
      cause: error,
      headers,
    })
  }
}

/** Refuses what a script refused. */
export function assertDone({ state, details }: Answer): void {
  if (state === 'ok') return
  if (state === 'gone') throw new UploadError('not_found', 'there is no such upload')
  if (state === 'overtaken') {
    throw new UploadError('interrupted', 'another request took this upload over')
  }
  if (state === 'damaged') throw damaged()
  if (state === 'moved') throw new Error(`the upload is at ${details[0] ?? '?'}`)
  throw new Error(`a script answered ${state}`)
}
