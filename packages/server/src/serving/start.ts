import { prepareServer, closeServer, nodeHandler } from '@tusker/adapter-node'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Watch } from '../progress/upload-progress.ts'
import type { Settings } from '../settings/settings.ts'
import { makeDirectories } from './directories.ts'
import { uploadHandler } from './upload-handler.ts'
import { whyNotListening } from './start-errors.ts'

/** A server that serves. */
export interface RunningServer {
  /** Where uploads are created. */
  readonly url: string
  /** Ends it in an orderly way: nothing that has arrived is lost, and clients know to come back. */
  close(): Promise<void>
}

/**
 * Starts the server.
 *
 * @throws StartError when it cannot listen, or a directory cannot be used
 */
export async function startServer(settings: Settings, watch: Watch): Promise<RunningServer> {
  await makeDirectories(settings)
  const { handler, uploads, tidy } = uploadHandler(settings, watch)
  const fail = (error: unknown): void => watch.event({ type: 'failed', id: null, error })
  const server = createServer(nodeHandler(handler, { onError: fail }))
  prepareServer(server)
  try {
    server.listen(settings.port, settings.host)
    await once(server, 'listening')
  } catch (error) {
    await uploads.close()
    throw whyNotListening(error, settings)
  }
  void tidy().catch(fail)
  return { url: urlOf(settings, server.address()), close: () => closeServer(server, uploads) }
}

/** Where people find it. Of a server for every network they are told the name that is always right. */
function urlOf({ host, path }: Settings, address: string | AddressInfo | null): string {
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const everywhere = host === '0.0.0.0' || host === '::'
  const name = everywhere ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}${path}`
}
