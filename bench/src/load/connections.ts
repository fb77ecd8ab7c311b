import type { Connection } from './connection.ts'
import { openConnection } from './connection.ts'

/** Opens connections, a few at a time so that no queue of the system overflows. */
export async function openConnections(
  port: number,
  count: number,
  readLength?: number,
): Promise<Connection[]> {
  const connections: Connection[] = []
  while (connections.length < count) {
    const some = Math.min(100, count - connections.length)
    const opening = Array.from({ length: some }, () => openConnection(port, readLength))
    connections.push(...(await Promise.all(opening)))
  }
  return connections
}

/** Does something `count` times, as often at once as there are connections. */
export async function overConnections(
  connections: readonly Connection[],
  count: number,
  once: (connection: Connection, index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const work = async (connection: Connection): Promise<void> => {
    while (next < count) await once(connection, next++)
  }
  await Promise.all(connections.map(work))
}
