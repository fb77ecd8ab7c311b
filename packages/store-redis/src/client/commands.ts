import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** What Redis takes as a part of a command. */
export type Argument = string | Buffer

/** One connection, or a pool of them, as `@redis/client` makes it. */
export interface NodeClient {
  sendCommand(args: Argument[], options?: object): Promise<unknown>
}

/** A cluster, as `@redis/client` makes it. */
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

/** A connected client, pool or cluster of `@redis/client` or `redis`, version 5 or 6. */
export type RedisClient = NodeClient | ClusterClient

/** Text that Redis runs, and the name it has there. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/** @param source in Lua. It must do no harm when it is run again: a reply may be lost. */
export function scriptOf(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** Sends commands over somebody else's client. Texts in replies are Buffers. */
export interface Commands {
  /** Runs a script over keys of one slot. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** Sends a command about keys of the slot that `key` is in. It must bear being sent again. */
  send(key: string, args: readonly Argument[]): Promise<unknown>
  /** The names of all keys of a type that match a pattern, on all masters; some of them twice. */
  scan(pattern: string, type: string): AsyncGenerator<string>
}

/** RESP's mark of a text of known length, by which the client chooses what to make of it. */
const BULK_STRING = 36

/** Texts as bytes, and everything else as it comes by default, whatever the client was told. */
const TYPES = { typeMapping: { [BULK_STRING]: Buffer } }

/** Keys that Redis looks at before it answers a step of a scan. */
const SCAN_COUNT = '1000'

/**
 * @param timeout milliseconds after which a command has failed. Within them it is sent again when the
 *   connection is lost, and when Redis says that it is not ready.
 */
export function commandsOver(client: RedisClient, timeout: number): Commands {
  function sendOnce(key: string, args: readonly Argument[], abortSignal: AbortSignal) {
    const options = { ...TYPES, abortSignal }
    return isCluster(client)
      ? client.sendCommand(key, false, [...args], options)
      : client.sendCommand([...args], options)
  }

  const send: Commands['send'] = (key, args) =>
    within(timeout, (signal) => again(signal, () => sendOnce(key, args, signal)))

  return {
    send,

    async run({ source, sha }, keys, args) {
      const [key = ''] = keys
      const rest = [String(keys.length), ...keys, ...args]
      try {
        return await send(key, ['EVALSHA', sha, ...rest])
      } catch (error) {
        if (!startsWith(error, /^NOSCRIPT\b/)) throw error
        return send(key, ['EVAL', source, ...rest])
      }
    },

    async *scan(pattern, type) {
      for (const node of isCluster(client) ? client.masters : [client]) {
        const master = isCluster(client) ? await client.nodeClient(node) : client
        const commands = commandsOver(master, timeout)
        for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
          const options = ['MATCH', pattern, 'COUNT', SCAN_COUNT, 'TYPE', type]
          // The shape of every reply to SCAN.
          const reply = (await commands.send('', ['SCAN', cursor, ...options])) as [
            Buffer,
            Buffer[],
          ]
          cursor = String(reply[0])
          for (const key of reply[1]) yield String(key)
        }
      }
    },
  }
}

function isCluster(client: RedisClient): client is ClusterClient {
  return 'masters' in client
}

/** Gives up after a time, also on what was sent and is never answered. */
function within<T>(timeout: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const givenUp = new AbortController()
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`Redis did not answer within ${timeout} ms`))
      givenUp.abort()
    }, timeout)
    void work(givenUp.signal)
      .then(resolve, reject)
      .finally(() => clearTimeout(timer))
  })
}

/** Tries again, until the time is over, what failed for a reason that passes. */
async function again<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let delay = 25; ; delay = Math.min(delay * 2, 400)) {
    try {
      return await work()
    } catch (error) {
      if (signal.aborted || !passes(error)) throw error
      await sleep(delay)
      if (signal.aborted) throw error
    }
  }
}

/** A node that is starting, is failing over, or hands a slot to another. */
const NOT_READY =
  /(?:^|[ -])(?:LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|READONLY) |access a non local key/

/** How an answer begins that Redis gave: its word for what is wrong. */
const REPLY = /^-?[A-Z][A-Z0-9]+ /

function passes(error: unknown): boolean {
  return startsWith(error, NOT_READY) || !startsWith(error, REPLY, /^The client is closed/)
}

function startsWith(error: unknown, ...beginnings: readonly RegExp[]): boolean {
  return error instanceof Error && beginnings.some((beginning) => beginning.test(error.message))
}
