import type { UploadServer, UploadServerOptions, UploadStore } from '@tusker/core'
import { createUploadServer } from '@tusker/core'
import type { OpenStore } from '../client/open-store.ts'
import type { RawAnswer, RawConnection } from './raw-connection.ts'
import { connectRaw } from './raw-connection.ts'

/** A server on the network, through the adapter and host under test. */
export interface Listening {
  /** For example `http://127.0.0.1:1234`. */
  readonly origin: string
  /** Stops it at once, with all its connections. */
  close(): Promise<void>
  /** Shuts it down in order, if the adapter can. */
  leave?(): Promise<void>
}

/** The settings of a host that a test may need. */
export interface HostSettings {
  /** The limit in milliseconds on the total time of a request, for hosts that have such a limit. */
  readonly totalTimeout?: number
}

/** Mounts a server in the host under test and listens on a free port. */
export type Serve = (server: UploadServer, settings: HostSettings) => Promise<Listening>

/** The server and the connections of one test. */
export interface HostStage {
  readonly origin: string
  readonly server: UploadServer
  readonly store: UploadStore
  readonly listening: Listening
  connect(): Promise<RawConnection>
  /** Creates an upload over a connection of its own, and returns its path. */
  create(length: number): Promise<string>
  /** Asks for the offset over a connection of its own. */
  offsetOf(path: string): Promise<number>
  /** One request on a connection of its own. */
  once(head: string, body?: string): Promise<RawAnswer>
}

type StageOptions = Partial<UploadServerOptions> & HostSettings

/** Starts a server, runs the test, and stops the server. */
export type OnStage = (
  options: StageOptions,
  scene: (stage: HostStage) => Promise<void>,
) => () => Promise<void>

export function stagesOn(serve: Serve, openStore: OpenStore): OnStage {
  return (options, scene) => async () => {
    const { store, dispose } = await openStore()
    const { totalTimeout, ...serverOptions } = options
    const server = createUploadServer({ path: '/files', store, downloads: true, ...serverOptions })
    const listening = await serve(server, totalTimeout === undefined ? {} : { totalTimeout })
    try {
      await scene(stageAt(server, store, listening))
    } finally {
      await listening.close()
      await server.close()
      await dispose?.()
    }
  }
}

function stageAt(server: UploadServer, store: UploadStore, listening: Listening): HostStage {
  const { origin } = listening

  async function once(head: string, body = ''): Promise<RawAnswer> {
    const connection = await connectRaw(origin)
    try {
      connection.write(head + body)
      return await connection.answer({ head: head.startsWith('HEAD') })
    } finally {
      connection.close()
    }
  }

  return {
    origin,
    server,
    store,
    listening,
    once,
    connect: () => connectRaw(origin),
    async create(length) {
      const answer = await once(request('POST', '/files', { 'Upload-Length': length }))
      const path = answer.headers['location']
      if (answer.status !== 201 || path === undefined) throw new Error(`created: ${answer.status}`)
      return path
    },
    async offsetOf(path) {
      const answer = await once(request('HEAD', path))
      if (answer.status !== 200) throw new Error(`HEAD: ${answer.status}`)
      return Number(answer.headers['upload-offset'])
    },
  }
}

/** The head of a request, as it goes over the wire. */
export function request(
  method: string,
  path: string,
  fields: Readonly<Record<string, string | number>> = {},
): string {
  const all = { Host: 'localhost', 'Tus-Resumable': '1.0.0', ...fields }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`
}

/** The head of a PATCH with `length` bytes of body. */
export function patch(
  path: string,
  offset: number,
  length: number,
  fields: Readonly<Record<string, string | number>> = {},
): string {
  return request('PATCH', path, {
    'Content-Type': 'application/offset+octet-stream',
    'Upload-Offset': offset,
    'Content-Length': length,
    ...fields,
  })
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

/** Hooks of a slow application, so that requests overlap. */
export const UNHURRIED = { authorize: (): Promise<void> => sleep(30) }
