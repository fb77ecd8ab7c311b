import { expect, it } from 'vitest'
import { socketClient } from '../client/socket-client.ts'

/** An application whose routes are resumable. */
export interface StartedApplication {
  /** Such as `http://127.0.0.1:8080`. */
  readonly origin: string
  end(): Promise<void> | void
}

/**
 * The contract of resumable routes on one framework. The application answers `POST /api/photos` with 201 and
 * JSON: `got` is the JSON that it received, and `ip` is `'string'`, the type of the client's address in the
 * framework.
 */
export function describeResumableRoute(
  framework: string,
  start: () => Promise<StartedApplication>,
): void {
  it(`a route of ${framework} becomes resumable for clients that ask for it, and other clients see no change`, async () => {
    const { origin, end } = await start()
    try {
      const { send } = socketClient(origin)
      const fields = { 'tus-resumable': null, 'content-type': 'application/json' }
      const expected = { got: { title: 'sea' }, ip: 'string' }

      const plain = await send('POST /api/photos', fields, '{"title":"sea"}')
      expect(JSON.parse(plain.text)).toEqual(expected)

      const first = { ...fields, 'upload-complete': '?0' }
      const begun = await send('POST /api/photos', first, '{"title"')
      const rest = {
        'tus-resumable': null,
        'content-type': 'application/partial-upload',
        'upload-complete': '?1',
        'upload-offset': '8',
      }
      const answer = await send(`PATCH ${begun.headers['location']}`, rest, ':"sea"}')
      expect(answer).toMatchObject({ status: 201, headers: { 'upload-complete': '?1' } })
      expect(JSON.parse(answer.text)).toEqual(expected)
    } finally {
      await end()
    }
  })
}

/** Waits until a server of Node listens on a free port, and describes it. */
export async function startedOn(server: {
  listen(port: number, host: string, listening: () => void): unknown
  address(): unknown
  close(): unknown
  closeAllConnections(): void
}): Promise<StartedApplication> {
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { readonly port: number }
  return {
    origin: `http://127.0.0.1:${port}`,
    end() {
      server.closeAllConnections()
      server.close()
    },
  }
}
