import { once } from 'node:events'
import { createServer } from 'node:http'
import type { FakeS3 } from './fake-s3.ts'

/** A fake storage that other processes can reach. */
export interface ServedFake {
  readonly endpoint: string
  close(): void
}

export async function serveFake(fake: FakeS3): Promise<ServedFake> {
  const server = createServer((request, response) => {
    async function answer(): Promise<void> {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
      const headers = new Headers()
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
      const made = await fake.handle(request.method ?? 'GET', url, headers, Buffer.concat(chunks))
      response.writeHead(made.status, Object.fromEntries(made.headers))
      response.end(Buffer.from(await made.arrayBuffer()))
    }
    // A request that was cut off has not taken place, and no answer of a fault is a lost one.
    answer().catch(() => request.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the server has no port')
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}
