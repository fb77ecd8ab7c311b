import { closeServer, respondToClientErrors } from '@tusker/adapter-node'
import { once } from 'node:events'
import { join } from 'node:path'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import { loadFramework } from './frameworks/load-framework.ts'
import { corsPolicy, demoHandler } from './handler.ts'
import { logged } from './request-log.ts'
import type { Settings } from './settings.ts'
import type { Users } from './users.ts'
import { assertWritable, isOpenToOthers } from './writable-directory.ts'

/** A running demo. */
export interface RunningDemo {
  readonly url: string
  /** Closes the demo in an orderly way: commits all received bytes, and makes clients retry. */
  close(): Promise<void>
}

/** Milliseconds after which connections that are still open are cut. */
const CLOSE_TIMEOUT = 10_000

/** Starts the demo. Rejects when it cannot listen or cannot write to its directories. */
export async function startDemo(
  settings: Settings,
  users: Users,
  logger: Logger,
): Promise<RunningDemo> {
  const { dataDirectory, uploadDirectory } = settings
  await assertWritable('DATA_DIR', dataDirectory)
  await assertWritable('DATA_DIR', join(dataDirectory, 'content'))
  if (settings.store === 'fs') {
    const isOwn = uploadDirectory === join(dataDirectory, 'uploads')
    await assertWritable('DATA_DIR', join(dataDirectory, 'files'))
    await assertWritable(isOwn ? 'DATA_DIR' : 'TUS_TMP_FILE_DIR', uploadDirectory)
  }
  if (await isOpenToOthers(dataDirectory)) {
    logger.warn('DATA_DIR: other users of this machine can read the data, consider chmod 700')
  }
  const handler = await demoHandler(settings, users, logger)
  const mount = await loadFramework(settings.framework)
  const server = await mount(handler, (listener) => logged(logger, listener))
  const cors = corsPolicy(settings)
  respondToClientErrors(server, cors === undefined ? {} : { cors })
  server.listen(settings.port, settings.host)
  await once(server, 'listening')
  void handler.sweep().catch((err: unknown) => logger.error({ err }, 'the first sweep failed'))

  const { port } = server.address() as AddressInfo
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host
  return {
    url: `http://${host}:${port}/`,
    close: () => closeServer(server, handler, { timeout: CLOSE_TIMEOUT }),
  }
}
