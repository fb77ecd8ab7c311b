import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:http'

/** Sends requests over connections that stay open. */
export interface Client {
  send(
    method: string,
    path: string,
    headers?: OutgoingHttpHeaders,
    body?: Iterable<Uint8Array>,
  ): Promise<IncomingHttpHeaders>
  close(): void
}

export function clientOf(port: number): Client {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })
  return {
    send: (method, path, headers = {}, body = []) =>
      new Promise((resolve, reject) => {
        const all = { 'tus-resumable': '1.0.0', ...headers }
        const req = request({ host: '127.0.0.1', port, method, path, agent, headers: all })
        req.on('error', reject)
        req.on('response', (res) => {
          res.resume().on('end', () => {
            const { statusCode = 0 } = res
            if (statusCode < 300) resolve(res.headers)
            else reject(new Error(`${method} ${path}: ${statusCode}`))
          })
        })
        void write(req, body)
      }),
    close: () => agent.destroy(),
  }
}

async function write(req: ReturnType<typeof request>, body: Iterable<Uint8Array>): Promise<void> {
  for (const chunk of body) {
    if (!req.write(chunk)) await new Promise((resolve) => req.once('drain', resolve))
  }
  req.end()
}
