import { request } from 'node:http'

/** A PATCH whose body is sent piece by piece. */
export interface SlowBody {
  /** The status of the response. Rejects when the connection ends without one. */
  readonly status: Promise<number>
  /** Sends more of the body. */
  send(bytes: Uint8Array): void
  abort(): void
}

/** Begins the PATCH. Resolves when the first bytes are sent. */
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
  // After an abort, the test does not read the status.
  status.catch(() => {})
  await new Promise<void>((resolve) => outgoing.write(first, () => resolve()))
  return {
    status,
    send: (bytes) => void outgoing.write(bytes),
    abort: () => void outgoing.destroy(),
  }
}
