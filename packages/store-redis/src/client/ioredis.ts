import type { Argument, ClusterClient, NodeClient, Subscriber } from './client-types.ts'

/** A connection as `ioredis` makes it, version 5 or 6. It connects by itself. */
export interface IoredisClient {
  callBuffer(command: string, ...args: Argument[]): Promise<unknown>
  duplicate(): IoredisSubscriber
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A cluster as `ioredis` makes it, version 5 or 6. */
export interface IoredisCluster {
  readonly isCluster: true
  callBuffer(command: string, ...args: Argument[]): Promise<unknown>
  nodes(role: 'master'): IoredisClient[]
  duplicate(): IoredisSubscriber
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** What listening needs of a connection of `ioredis`. */
interface IoredisSubscriber {
  readonly status: string
  subscribe(channel: string): Promise<unknown>
  on(event: 'error', listener: (error: Error) => void): unknown
  on(event: 'message', listener: (channel: string, message: string) => void): unknown
  disconnect(): void
}

export function isIoredis(client: object): client is IoredisClient | IoredisCluster {
  return 'callBuffer' in client
}

/** A client of `ioredis` as one of `@redis/client`. Texts in replies are always Buffers. */
export function fromIoredis(client: IoredisClient | IoredisCluster): NodeClient | ClusterClient {
  const send = (args: readonly Argument[]): Promise<unknown> => {
    const [command, ...rest] = args
    return client.callBuffer(String(command), ...rest)
  }
  if (!('nodes' in client)) return { sendCommand: send }
  return {
    get masters() {
      return client.nodes('master')
    },
    // The nodes of `masters`, which are no others.
    nodeClient: (node) => fromIoredis(node as IoredisClient) as NodeClient,
    // The cluster finds the slot by the keys of the command.
    sendCommand: (_firstKey, _isReadonly, args) => send(args),
  }
}

/** A connection for messages. It is made on the first subscription. */
export function ioredisSubscriber(client: IoredisClient | IoredisCluster): Subscriber {
  const connection = client.duplicate()
  return {
    connect: () => Promise.resolve(),
    async subscribe(channel, listener) {
      connection.on('message', (name, message) => {
        if (name === channel) listener(message)
      })
      await connection.subscribe(channel)
    },
    on: (event, listener) => connection.on(event, listener),
    destroy: () => connection.disconnect(),
    get isReady() {
      return connection.status === 'ready'
    },
  }
}
