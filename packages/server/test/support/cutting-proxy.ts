import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { onTestFinished } from 'vitest'

/** A proxy that resets each connection after `every` bytes, until it has reset `cuts` of them. */
export async function cuttingProxy(
  target: number,
  { every, cuts }: { readonly every: number; readonly cuts: number },
): Promise<{ readonly port: number; readonly lost: () => number }> {
  const open = new Set<Socket>()
  let lost = 0
  const proxy = createServer((client) => {
    const server = connect(target, '127.0.0.1')
    let passed = 0
    for (const socket of [client, server]) {
      open.add(socket)
      // The proxy breaks connections on purpose.
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (chunk) => {
      passed += chunk.byteLength
      if (passed < every || lost >= cuts) return
      lost += 1
      client.resetAndDestroy()
    })
    client.pipe(server).pipe(client)
  }).listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => {
    for (const socket of open) socket.destroy()
    proxy.close()
  })
  return { port: (proxy.address() as AddressInfo).port, lost: () => lost }
}
