import type { Keeping } from './append.ts'
import { PIECE, spansOf } from '../client/keys.ts'
import { FIND } from './scripts.ts'
import { ask } from '../client/run-script.ts'
import type { UploadRecord } from '../records/record-format.ts'
import { damaged } from '../errors.ts'
import { parseState } from '../records/record-format.ts'

/** An upload as it was found. */
export interface Found {
  readonly record: UploadRecord
  /** Tells it from others that had the same id. */
  readonly generation: string
}

/** @throws UploadError `damaged` when it cannot be trusted, or lacks bytes that count */
export async function lookUp(keeping: Keeping, id: string): Promise<Found | null> {
  const { commands, layout } = keeping
  const { state, details } = await ask(commands, FIND, [layout.record(id)], [String(PIECE)])
  if (state === 'gone') return null
  const [generation = '', offset = '', facts = '', length = '', ...rest] = details
  const [updatedAt = '', outcome = '', token = ''] = rest
  const record = parseState(id, { offset, facts, length, updatedAt, outcome, token })
  if (state === 'damaged') await confirmDamage(keeping, id, generation, record.upload.offset)
  return { record, generation }
}

/**
 * Looks again for the pieces of an upload that a script missed. A slot on its way to another node is in
 * two places, and of this command, unlike of a script, Redis knows all the keys.
 *
 * @throws UploadError `damaged` when they are missing
 */
export async function confirmDamage(
  { commands, layout }: Keeping,
  id: string,
  generation: string,
  offset: number,
): Promise<void> {
  const keys = [...spansOf(0, offset)].map(({ number }) => layout.piece(id, generation, number))
  const count = await commands.send(layout.record(id), ['EXISTS', ...keys])
  if (count !== keys.length) throw damaged()
}
