import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Argument, ClusterClient, NodeClient } from './client-types.ts'
import type { IoredisClient, IoredisCluster } from './ioredis.ts'
import { fromIoredis, isIoredis } from './ioredis.ts'
import { timeLimit } from './time-limit.ts'

/**
 * A connected client, pool or cluster of `@redis/client` or `redis`, version 5 or 6, or a client or cluster of
 * `ioredis`, version 5 or 6.
 */
export type RedisClient = NodeClient | ClusterClient | IoredisClient | IoredisCluster

export type { Argument, ClusterClient, NodeClient } from './client-types.ts'

/** The text of a script, and the digest by which Redis knows it. */
export interface Script {
  readonly source: string
  readonly sha: string
}

/** @param source in Lua. It must be safe to run again: a reply can be lost. */
export function scriptOf(source: string): Script {
  return { source, sha: createHash('sha1').update(source).digest('hex') }
}

/** Sends commands over the client of the application. Texts in replies are Buffers. */
export interface Commands {
  /** Runs a script over keys of one slot. */
  run(script: Script, keys: readonly string[], args: readonly Argument[]): Promise<unknown>
  /** Sends a command for keys in the slot of `key`. It must be safe to send again. */
  send(key: string, args: readonly Argument[]): Promise<unknown>
  /** The names of all keys of a type that match a pattern, on all masters; some of them twice. */
  scan(pattern: string, type: string): AsyncGenerator<string>
}

/** RESP's type byte of a text of known length, by which the client chooses the type of a reply. */
const BULK_STRING = 36

/**
 * Texts as bytes, and all other types by default. It replaces the type mapping of the client. The client must
 * not limit the time as well: its signal for each command costs more than the command.
 */
const OPTIONS = { typeMapping: { [BULK_STRING]: Buffer }, timeout: 0 }

/** The number of keys that Redis visits in one step of a scan. */
const SCAN_COUNT = '1000'

/**
 * @param timeout milliseconds after which a command has failed. Within them it is sent again when the
 *   connection is lost, and when Redis says that it is not ready.
 */
export function commandsOver(given: RedisClient, timeout: number): Commands {
  const client = isIoredis(given) ? fromIoredis(given) : given
  const within = timeLimit(timeout, () => new Error(`Redis did not answer within ${timeout} ms`))

  function sendOnce(key: string, args: readonly Argument[], abortSignal: AbortSignal) {
    const options = { ...OPTIONS, abortSignal }
    return isCluster(client)
      ? client.sendCommand(key, false, [...args], options)
      : client.sendCommand([...args], options)
  }

  const send: Commands['send'] = (key, args) =>
    within((signal) => again(signal, () => sendOnce(key, args, signal)))

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

function isCluster(client: NodeClient | ClusterClient): client is ClusterClient {
  return 'masters' in client
}

/** Retries after failures that pass, until the time is over. */
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

/** The errors of a node that starts, fails over, or moves a slot. */
const NOT_READY =
  /(?:^|[ -])(?:LOADING|CLUSTERDOWN|TRYAGAIN|MASTERDOWN|READONLY) |access a non local key/

/** An error reply of Redis starts with a code in capitals. */
const REPLY = /^-?[A-Z][A-Z0-9]+ /

function passes(error: unknown): boolean {
  return startsWith(error, NOT_READY) || !startsWith(error, REPLY, /^The client is closed/)
}

function startsWith(error: unknown, ...beginnings: readonly RegExp[]): boolean {
  return error instanceof Error && beginnings.some((beginning) => beginning.test(error.message))
}
