import type { UploadEvent, UploadInfo } from '@tusker/core'
import { commandsOver } from '../client/commands.ts'
import type { LockerClient, Subscriber } from '../client/subscriber.ts'
import { subscriberOf } from '../client/subscriber.ts'

/** An event that other processes are told of. What fails concerns the process in which it does. */
export type SharedEvent = Exclude<UploadEvent, { readonly type: 'failed' }>

/** The events of all processes that serve the same uploads. */
export interface RedisEvents {
  /** Tells all processes of an event of this one: for `onEvent`. One that cannot be told is dropped. */
  publish(event: UploadEvent): void
  /**
   * Hears each event of each process once, this one's too, until the result is called. Of those that
   * happen while the connection is lost nothing is heard.
   *
   * Rejects when Redis cannot be reached.
   */
  listen(listener: (event: SharedEvent) => void): Promise<() => void>
  /** Ends all listening, and the connection behind it. */
  close(): void
}

/** How events are passed on. */
export interface RedisEventsOptions {
  /** Connected by the application, and closed by it. Listening takes one more connection. */
  readonly client: LockerClient
  /** Begins the name of the channel. `tusker:` by default. */
  readonly prefix?: string
  /** Milliseconds that Redis has for an answer. 5 seconds by default. */
  readonly commandTimeout?: number
}

/** Passes events on between processes, over a channel of Redis. */
export function redisEvents(options: RedisEventsOptions): RedisEvents {
  const { client, prefix = 'tusker:', commandTimeout = 5_000 } = options
  const commands = commandsOver(client, commandTimeout)
  const channel = `${prefix}events`
  const listeners = new Set<(event: SharedEvent) => void>()
  let subscribing: Promise<Subscriber> | null = null

  async function subscribe(): Promise<Subscriber> {
    const subscriber = await subscriberOf(client)
    // It connects again by itself.
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

/** Null for what none of us has sent. */
function parsed(message: string): SharedEvent | null {
  try {
    // As `publish` sends it, but for its dates, which are texts.
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
