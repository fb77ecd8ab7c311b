import type { Keeping } from './append.ts'
import { PIECE, spansOf } from '../client/keys.ts'
import { FIND } from './scripts.ts'
import { ask } from '../client/run-script.ts'
import type { UploadRecord } from '../records/record-format.ts'
import { damaged } from '../errors.ts'
import { parseState } from '../records/record-format.ts'

/** An upload in the store. */
export interface Found {
  readonly record: UploadRecord
  /** Distinguishes it from earlier uploads with the same id. */
  readonly generation: string
}

/** @throws UploadError `damaged` when its record is damaged, or committed bytes are missing */
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
 * Checks the pieces of an upload that a script did not find. A slot that moves to another node is in two
 * places. Redis knows all keys of this command, but not those of a script.
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
