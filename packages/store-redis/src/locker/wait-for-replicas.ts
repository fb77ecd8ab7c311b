import type { Commands } from '../client/commands.ts'

/** What replicas have to know of before it counts. */
export interface Replication {
  readonly commands: Commands
  /** Replicas that have to acknowledge. With none, nothing is asked of any. */
  readonly replicas: number
  /** Milliseconds they have for it, in which the connection does nothing else. */
  readonly timeout: number
}

/**
 * Call it before a change of keys of one slot. The result tells, after the change, whether enough replicas
 * acknowledged it.
 *
 * Redis answers for what came over the same connection alone, so another one in between proves nothing.
 */
export async function witness(
  { commands, replicas, timeout }: Replication,
  key: string,
): Promise<() => Promise<boolean>> {
  if (replicas === 0) return () => Promise.resolve(true)
  const before = await connectionOf(commands, key)
  return async () => {
    const count = await commands.send(key, ['WAIT', String(replicas), String(Math.ceil(timeout))])
    return Number(count) >= replicas && (await connectionOf(commands, key)) === before
  }
}

/** The number of a connection and both of its ends, which no other has in a long time. */
async function connectionOf(commands: Commands, key: string): Promise<string> {
  const info = String(await commands.send(key, ['CLIENT', 'INFO']))
  const parts = /^id=\d+ addr=\S+ laddr=\S+/.exec(info)
  if (parts === null) throw new Error('Redis does not say which connection this is')
  return parts[0]
}
