import {
  closeServer,
  nodeHandler,
  prepareServer,
  respondToClientErrors,
} from '@tusker/adapter-node'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ProgressEvent } from '../progress/progress-event.ts'
import type { UploadProgress } from '../progress/upload-progress.ts'
import type { Settings } from '../settings/settings.ts'
import { prepareDirectories } from './directories.ts'
import { reportRefusals } from './report-refusals.ts'
import { rootPage } from './root-page.ts'
import { listenError } from './start-errors.ts'
import { corsPolicy, uploadHandler } from './upload-handler.ts'

/** A server that listens. */
export interface RunningServer {
  /** The URL at which uploads are created. */
  readonly url: string
  /** Stops the server in order: received bytes are stored, and clients get a response to retry on. */
  close(): Promise<void>
}

/** Bytes of a request's head. `Upload-Concat` of a final upload names hundreds of URLs. */
const MAX_HEAD = 65_536

/**
 * Starts the server.
 *
 * @throws StartError when it cannot listen, or a directory cannot be used
 */
export async function startServer(
  settings: Settings,
  progress: UploadProgress,
  report: (event: ProgressEvent) => void,
): Promise<RunningServer> {
  await prepareDirectories(settings)
  const { handler, uploads } = uploadHandler(settings, progress)
  const onError = (error: unknown): void => progress.onEvent({ type: 'failed', id: null, error })
  const otherwise = rootPage(() => urlOf(settings, server.address()))
  const server = createServer(
    { maxHeaderSize: MAX_HEAD, keepAliveTimeout: settings.keepAlive },
    nodeHandler(reportRefusals(handler, report), { onError, otherwise }),
  )
  prepareServer(server)
  const cors = corsPolicy(settings)
  respondToClientErrors(server, cors === undefined ? {} : { cors })
  try {
    server.listen(settings.port, settings.host)
    await once(server, 'listening')
  } catch (error) {
    await uploads.close()
    throw listenError(error, settings)
  }
  // Completes the uploads that a process left behind when it died.
  void uploads.sweep().catch(onError)
  return { url: urlOf(settings, server.address()), close: () => closeServer(server, uploads) }
}

/** A URL that works on this machine, also for a server that listens on every network. */
function urlOf({ host, path }: Settings, address: string | AddressInfo | null): string {
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const isEveryNetwork = host === '0.0.0.0' || host === '::'
  const name = isEveryNetwork ? 'localhost' : host.includes(':') ? `[${host}]` : host
  return `http://${name}:${port}${path}`
}
