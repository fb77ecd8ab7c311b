import { closeServer } from '@tusker/adapter-node'
import { once } from 'node:events'
import { mkdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { loadFramework } from './frameworks/load-framework.ts'
import { demoHandler } from './handler.ts'
import { logged } from './request-log.ts'
import type { Settings } from './settings.ts'
import type { Users } from './users.ts'

/** A demo that serves. */
export interface RunningDemo {
  readonly url: string
  /** Ends it in an orderly way: nothing that has arrived is lost, and clients know to come back. */
  close(): Promise<void>
}

/** Milliseconds after which a connection that will not end is cut. */
const PATIENCE = 10_000

/** Starts the demo. Rejects when it cannot listen, or cannot make its directories. */
export async function startDemo(
  settings: Settings,
  users: Users,
  logger: Logger,
): Promise<RunningDemo> {
  await mkdir(settings.dataDirectory, { recursive: true })
  await mkdir(settings.uploadDirectory, { recursive: true })
  const handler = await demoHandler(settings, users, logger)
  const mount = await loadFramework(settings.framework)
  const server = await mount(handler, (listener) => logged(logger, listener))
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  void handler.sweep().catch((err: unknown) => logger.error({ err }, 'the first sweep failed'))

  const { port } = server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  return {
    url: `http://${host}:${port}/`,
    close: () => closeServer(server, handler, { timeout: PATIENCE }),
  }
}
