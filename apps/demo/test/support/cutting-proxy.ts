import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** How a connection is lost: closed in an orderly way, or reset. */
export type Cut = 'fin' | 'rst'

/** A network between a client and a server that cuts connections. */
export interface CuttingProxy {
  readonly port: number
  /** Connections that were cut in the middle of sending. */
  readonly cuts: Readonly<Record<Cut, number>>
  close(): Promise<void>
}

/** The plan of cuts: each connection after `every` bytes, `cuts` times, by FIN and RST in turn. */
export interface CutOptions {
  readonly target: number
  readonly every: number
  readonly cuts: number
}

export async function cuttingProxy(options: CutOptions): Promise<CuttingProxy> {
  const cuts = { fin: 0, rst: 0 }
  const open = new Set<Socket>()

  /** Cuts the connection on both sides. Each side sees what it would see on a real network. */
  function cut(client: Socket, server: Socket): void {
    const how: Cut = (cuts.fin + cuts.rst) % 2 === 0 ? 'fin' : 'rst'
    cuts[how] += 1
    for (const socket of [client, server]) {
      if (how === 'fin') socket.destroySoon()
      else socket.resetAndDestroy()
    }
  }

  const proxy = createServer((client) => {
    const server = connect(options.target, '127.0.0.1')
    let sent = 0
    for (const socket of [client, server]) {
      open.add(socket)
      // This proxy breaks connections on purpose.
      socket.on('error', () => {})
      socket.once('close', () => open.delete(socket))
    }
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
    server.pipe(client)
    client.on('data', (chunk) => {
      sent += chunk.byteLength
      if (!server.write(chunk)) {
        client.pause()
        server.once('drain', () => client.resume())
      }
      if (sent >= options.every && cuts.fin + cuts.rst < options.cuts) cut(client, server)
    })
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  return {
    port: (proxy.address() as AddressInfo).port,
    cuts,
    async close() {
      for (const socket of open) socket.destroy()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
