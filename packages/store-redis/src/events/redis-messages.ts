import type { Duration, Messages } from '@tusker/core'
import { checkOptions, timeOf } from '../client/check-options.ts'
import { commandsOver } from '../client/commands.ts'
import type { LockerClient, Subscriber } from '../client/subscriber.ts'
import { subscriberOf } from '../client/subscriber.ts'

/** Messages over a channel of Redis. */
export interface RedisMessages extends Messages {
  /** Ends all listening, and the connection behind it. */
  close(): void
}

/** The options of `redisMessages`. */
export interface RedisMessagesOptions {
  /** The application connects and closes it. Listening needs one more connection. */
  readonly client: LockerClient
  /** The start of the channel's name. `tusker:` by default. */
  readonly prefix?: string
  /** The time within which Redis must reply. 5 seconds by default. */
  readonly commandTimeout?: Duration
}

/**
 * Passes messages between processes, such as the lockers of `s3Uploads`. Messages during a broken connection
 * are lost.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function redisMessages(options: RedisMessagesOptions): RedisMessages {
  checkOptions('redisMessages', options, ['client', 'prefix', 'commandTimeout'])
  return messagesOn('messages', options)
}

/** @param name the end of the channel's name */
export function messagesOn(name: string, options: RedisMessagesOptions): RedisMessages {
  const { client, prefix = 'tusker:' } = options
  const commands = commandsOver(client, timeOf(options.commandTimeout, 5_000))
  const channel = `${prefix}${name}`
  const listeners = new Set<(message: string) => void>()
  let subscribing: Promise<Subscriber> | null = null

  async function subscribe(): Promise<Subscriber> {
    const subscriber = await subscriberOf(client)
    // It reconnects by itself.
    subscriber.on('error', () => {})
    await subscriber.connect()
    await subscriber.subscribe(channel, (message) => {
      for (const listener of listeners) listener(message)
    })
    return subscriber
  }

  return {
    send: (message) => void commands.send(channel, ['PUBLISH', channel, message]).catch(() => {}),

    async listen(listener) {
      subscribing ??= subscribe()
      try {
        await subscribing
      } catch (error) {
        subscribing = null
        throw error
      }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    close() {
      listeners.clear()
      void subscribing?.then(
        (subscriber) => subscriber.destroy(),
        () => {},
      )
      subscribing = null
    },
  }
}
