import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server under test tells: where it listens, and, each time it is asked, what it has spent. */
export type Report = { readonly port: number } | { readonly cpu: number }

/** Tells the parent process where the server is, and its CPU time in microseconds when asked. */
export function report(server: Server): void {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send?.({ cpu: user + system } satisfies Report)
  })
  process.send?.({ port: (server.address() as AddressInfo).port } satisfies Report)
}
