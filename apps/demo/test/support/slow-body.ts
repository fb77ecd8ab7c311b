import { request } from 'node:http'

/** A PATCH whose body has begun, and goes on piece by piece. */
export interface SlowBody {
  /** The status of its answer; rejects when the connection ends without one. */
  readonly status: Promise<number>
  /** Sends more of it. */
  send(bytes: Uint8Array): void
  abort(): void
}

/** Resolves once the first bytes are on their way. */
export async function beginSlowly(
  url: string,
  headers: Readonly<Record<string, string>>,
  first: Uint8Array,
): Promise<SlowBody> {
  const outgoing = request(url, { method: 'PATCH', headers, agent: false })
  const status = new Promise<number>((resolve, reject) => {
    outgoing.on('response', (response) => resolve(response.resume().statusCode ?? 0))
    outgoing.on('error', reject)
  })
  // Whoever aborts has nobody wait for an answer.
  status.catch(() => {})
  await new Promise<void>((resolve) => outgoing.write(first, () => resolve()))
  return {
    status,
    send: (bytes) => void outgoing.write(bytes),
    abort: () => void outgoing.destroy(),
  }
}
