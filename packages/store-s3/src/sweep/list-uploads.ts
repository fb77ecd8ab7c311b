import type { Context } from '../context.ts'
import { removeLeftovers } from './leftovers.ts'
import { finishRemoval } from './removal.ts'

/** Milliseconds after which a removal that was begun is finished by another process. */
const REMOVAL_TIME = 60_000

/** The ids of all uploads. What crashes left is removed on the way. */
export async function* listUploads(
  context: Context,
  keepsObjects: boolean,
): AsyncGenerator<string> {
  const { records } = context
  for await (const id of records.list()) {
    const version = await records.look(id).catch(() => undefined)
    // One that cannot be read is named: what is wrong with it is then found out by id.
    if (version === undefined || version?.record.removed === false) yield id
    else if (version !== null && version.age > REMOVAL_TIME) {
      await finishRemoval(context, version.record, keepsObjects)
    }
  }
  await removeLeftovers(context)
}
