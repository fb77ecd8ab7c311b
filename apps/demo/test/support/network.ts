import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'

/** A network between a browser and a server. A test sets its speed, and can cut it. */
export interface Network {
  /** The URL of the server through this network. */
  readonly url: string
  /** Bytes a second that clients may send, after `first` bytes at once, over all connections; null for no limit. */
  limit(bytesPerSecond: number | null, first?: number): void
  /** Bytes that clients have sent so far. */
  sent(): number
  /** How many open connections have sent more than a mebibyte: those of uploads. */
  uploads(): number
  /** Cuts all connections, and every new one until `restore`. */
  lose(): void
  restore(): void
  close(): Promise<void>
}

const TICK = 20
/** More than a client sends besides the bytes of an upload. */
const LARGE = 2 ** 20

/** A network to a server on this machine. */
export async function network(port: number): Promise<Network> {
  const open = new Set<Socket>()
  let rate: number | null = null
  let allowance = 0
  let sent = 0
  let isLost = false
  const waiting = new Set<() => void>()
  const large = new Set<Socket>()

  const timer = setInterval(() => {
    if (rate === null) return
    const more = (rate * TICK) / 1_000
    if (allowance < more) allowance = Math.min(more, allowance + more)
    if (allowance > 0) for (const wake of [...waiting]) wake()
  }, TICK)

  /** Passes bytes of a client on to the server, no faster than allowed. */
  function pass(client: Socket, server: Socket): void {
    const mayGoOn = (): boolean => !server.writableNeedDrain && (rate === null || allowance > 0)
    const wake = (): void => {
      if (!mayGoOn()) return
      waiting.delete(wake)
      client.resume()
    }
    let ofClient = 0
    client.on('data', (chunk: Buffer) => {
      sent += chunk.byteLength
      ofClient += chunk.byteLength
      if (ofClient > LARGE) large.add(client)
      allowance -= chunk.byteLength
      server.write(chunk)
      if (mayGoOn()) return
      client.pause()
      waiting.add(wake)
    })
    server.on('drain', wake)
    client.once('close', () => waiting.delete(wake))
  }

  const proxy = createServer((client) => {
    if (isLost) {
      client.resetAndDestroy()
      return
    }
    const server = connect(port, '127.0.0.1')
    for (const socket of [client, server]) {
      open.add(socket)
      // This network loses connections on purpose.
      socket.on('error', () => undefined)
      socket.once('close', () => {
        open.delete(socket)
        large.delete(socket)
      })
    }
    client.once('close', () => server.destroy())
    server.once('close', () => client.destroy())
    server.pipe(client)
    pass(client, server)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')

  function drop(): void {
    for (const socket of open) socket.resetAndDestroy()
  }

  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    limit(bytesPerSecond, first = 0) {
      rate = bytesPerSecond
      allowance = first
      for (const wake of [...waiting]) wake()
    },
    sent: () => sent,
    uploads: () => large.size,
    lose() {
      isLost = true
      drop()
    },
    restore() {
      isLost = false
    },
    async close() {
      clearInterval(timer)
      drop()
      proxy.close()
      await once(proxy, 'close')
    },
  }
}
