import { UploadError } from '@tusker/core'
import { damaged } from '../errors.ts'
import type { Argument, Commands, Script } from './commands.ts'

/** The reply of a script: its result, and the details of the result. */
export interface Answer {
  readonly state: string
  readonly details: readonly string[]
}

/** The error of a Redis without free memory. */
const FULL = /\bOOM\b/

/** Seconds after which a client may retry when Redis has no free memory. */
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
    // All our scripts reply with texts.
    const reply = (await commands.run(script, keys, args)) as readonly Buffer[]
    const [state = '', ...details] = reply.map((text) => String(text))
    return { state, details }
  } catch (error) {
    if (!(error instanceof Error) || !FULL.test(error.message)) throw error
    const headers = { 'retry-after': RETRY_AFTER }
    throw new UploadError(
      'unavailable',
      'the server has no free space at the moment, retry later',
      {
        cause: error,
        headers,
      },
    )
  }
}

/** Throws the error for a script that changed nothing. */
export function assertDone({ state, details }: Answer): void {
  if (state === 'ok') return
  if (state === 'gone') throw new UploadError('not_found', 'there is no such upload')
  if (state === 'stale') {
    throw new UploadError('interrupted', 'another request took this upload over')
  }
  if (state === 'damaged') throw damaged()
  if (state === 'moved') throw new Error(`the upload is at ${details[0] ?? '?'}`)
  throw new Error(`a script answered ${state}`)
}
