import type { UploadEvent, UploadInfo } from '@tusker/core'
import { checkOptions } from '../client/check-options.ts'
import type { RedisMessagesOptions } from './redis-messages.ts'
import { messagesOn } from './redis-messages.ts'

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
export type RedisEventsOptions = RedisMessagesOptions

/**
 * Passes events between processes, over a channel of Redis.
 *
 * @throws TypeError when an option is missing, unknown or not valid
 */
export function redisEvents(options: RedisEventsOptions): RedisEvents {
  checkOptions('redisEvents', options, ['client', 'prefix', 'commandTimeout'])
  const messages = messagesOn('events', options)

  return {
    publish(event) {
      if (event.type !== 'failed') messages.send(JSON.stringify(event))
    },
    listen: (listener) =>
      messages.listen((message) => {
        const event = parsed(message)
        if (event !== null) listener(event)
      }),
    close: () => messages.close(),
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
