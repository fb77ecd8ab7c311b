import type { Duration, UploadEvent, UploadInfo } from '@tusker/core'
import { checkOptions, timeOf } from '../client/check-options.ts'
import { commandsOver } from '../client/commands.ts'
import type { LockerClient, Subscriber } from '../client/subscriber.ts'
import { subscriberOf } from '../client/subscriber.ts'

/** An event that is passed on to other processes. Failures concern only their own process. */
export type SharedEvent = Exclude<UploadEvent, { readonly type: 'failed' }>

/** The events of all processes that serve the same uploads. */
export interface RedisEvents {
  /** Sends an event of this process to all processes: for `onEvent`. An event that cannot be sent is dropped. */
  publish(event: UploadEvent): void
  /**
   * Calls the listener with each event of each process once, this one included, until the result is
   * called. Events during a broken connection are lost.
   *
   * Rejects when Redis cannot be reached.
   */
  listen(listener: (event: SharedEvent) => void): Promise<() => void>
  /** Ends all listening, and the connection behind it. */
  close(): void
}

/** The options of `redisEvents`. */
export interface RedisEventsOptions {
  /** The application connects and closes it. Listening needs one more connection. */
  readonly client: LockerClient
  /** The start of the channel's name. `tusker:` by default. */
  readonly prefix?: string
  /** The time within which Redis must reply. 5 seconds by default. */
  readonly commandTimeout?: Duration
}

/**
 * Passes events between processes, over a channel of Redis.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function redisEvents(options: RedisEventsOptions): RedisEvents {
  checkOptions('redisEvents', options, ['client', 'prefix', 'commandTimeout'])
  const { client, prefix = 'tusker:' } = options
  const commands = commandsOver(client, timeOf(options.commandTimeout, 5_000))
  const channel = `${prefix}events`
  const listeners = new Set<(event: SharedEvent) => void>()
  let subscribing: Promise<Subscriber> | null = null

  async function subscribe(): Promise<Subscriber> {
    const subscriber = await subscriberOf(client)
    // It reconnects by itself.
    subscriber.on('error', () => {})
    await subscriber.connect()
    await subscriber.subscribe(channel, (message) => {
      const event = parsed(message)
      if (event !== null) for (const listener of listeners) listener(event)
    })
    return subscriber
  }

  return {
    publish(event) {
      if (event.type === 'failed') return
      commands.send(channel, ['PUBLISH', channel, JSON.stringify(event)]).catch(() => {})
    },
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

/** Null for a message that is no event of ours. */
function parsed(message: string): SharedEvent | null {
  try {
    // JSON has no dates: they arrive as texts.
    const event = JSON.parse(message) as SharedEvent
    return event.type === 'removed' ? event : { ...event, upload: withDates(event.upload) }
  } catch {
    return null
  }
}

function withDates(upload: UploadInfo): UploadInfo {
  const { createdAt, updatedAt } = upload
  return { ...upload, createdAt: new Date(createdAt), updatedAt: new Date(updatedAt) }
}
