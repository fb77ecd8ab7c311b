import type { Commands } from '../client/commands.ts'

/** The number of replicas that must acknowledge a change. */
export interface Replication {
  readonly commands: Commands
  /** The number of replicas. With 0, none is asked. */
  readonly replicas: number
  /** Milliseconds within which they must acknowledge. The connection does nothing else meanwhile. */
  readonly timeout: number
}

/**
 * Call it before a change of keys of one slot. The result reports, after the change, whether enough
 * replicas acknowledged it.
 *
 * Redis replies for changes of the same connection only, so a reconnect in between proves nothing.
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

/** The number of a connection and its two addresses, which identify it for a long time. */
async function connectionOf(commands: Commands, key: string): Promise<string> {
  const info = String(await commands.send(key, ['CLIENT', 'INFO']))
  const parts = /^id=\d+ addr=\S+ laddr=\S+/.exec(info)
  if (parts === null) throw new Error('Redis does not say which connection this is')
  return parts[0]
}
