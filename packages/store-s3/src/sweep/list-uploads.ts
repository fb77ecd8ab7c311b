import type { Context } from '../context.ts'
import { removeLeftovers } from './leftovers.ts'
import { finishRemoval } from './removal.ts'

/** Milliseconds after which a removal that was begun is finished by another process. */
const REMOVAL_TIME = 60_000

/** The ids of all uploads. Removes leftovers of crashes on the way. */
export async function* listUploads(
  context: Context,
  keepsObjects: boolean,
): AsyncGenerator<string> {
  const { records } = context
  for await (const id of records.list()) {
    const version = await records.look(id).catch(() => undefined)
    // A record that cannot be read is listed too: a read by id then reports the fault.
    if (version === undefined || version?.record.removed === false) yield id
    else if (version !== null && version.age > REMOVAL_TIME) {
      await finishRemoval(context, version.record, keepsObjects)
    }
  }
  await removeLeftovers(context)
}
