/** A part of a Redis command. */
export type Argument = string | Buffer

/** One connection, or a pool, of `@redis/client`. */
export interface NodeClient {
  sendCommand(args: Argument[], options?: object): Promise<unknown>
}

/** A cluster of `@redis/client`. */
export interface ClusterClient {
  readonly masters: readonly object[]
  nodeClient(node: object): NodeClient | Promise<NodeClient>
  sendCommand(
    firstKey: Argument | undefined,
    isReadonly: boolean | undefined,
    args: Argument[],
    options?: object,
  ): Promise<unknown>
}

/** A connection of its own for messages, as a client of `@redis/client` is one. */
export interface Subscriber {
  connect(): Promise<unknown>
  subscribe(channel: string, listener: (message: string) => unknown): Promise<unknown>
  on(event: 'error', listener: (error: unknown) => void): unknown
  destroy(): void
  readonly isReady?: boolean
  unref?(): void
}
