import { once } from 'node:events'
import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A way to a server that can be made to hang: connections stay, and what was sent comes later. */
export interface Cable {
  readonly url: string
  hang(): void
  heal(): void
  dispose(): void
}

export async function startCable(port: number): Promise<Cable> {
  const sockets = new Set<Socket>()
  let hangs = false

  function join(from: Socket, to: Socket): void {
    sockets.add(from)
    if (hangs) from.pause()
    from.on('data', (bytes) => to.write(bytes))
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
  }

  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    join(near, far)
    join(far, near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('it has no port')

  return {
    url: `redis://127.0.0.1:${address.port}`,
    hang() {
      hangs = true
      for (const socket of sockets) socket.pause()
    },
    heal() {
      hangs = false
      for (const socket of sockets) socket.resume()
    },
    dispose() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
