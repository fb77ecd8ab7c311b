import type { IncomingMessage } from 'node:http'
import { get } from 'node:http'

/** A message of an event stream. */
export interface StreamMessage {
  readonly event: string
  readonly data: unknown
}

/** Listens to an event stream, as a browser's EventSource would with these fields. */
export interface EventStream {
  /** The next unread message. Null when the stream has ended. */
  next(): Promise<StreamMessage | null>
  /** The next message for which `isIt` holds. Throws when the stream ends first. */
  until(isIt: (message: StreamMessage) => boolean): Promise<StreamMessage>
  /** Disconnects. */
  close(): void
}

export async function listenTo(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<EventStream> {
  // The abort of fetch does not always reach the connection, so use node:http.
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).on('error', reject)
  })
  if (response.statusCode !== 200) throw new Error(`${url}: ${response.statusCode}`)
  if (response.headers['content-type'] !== 'text/event-stream')
    throw new Error('the response is not an event stream')
  const messages = messagesIn(response)

  async function next(): Promise<StreamMessage | null> {
    const step = await messages.next()
    return step.done === true ? null : step.value
  }

  return {
    next,
    async until(isIt) {
      while (true) {
        const message = await next()
        if (message === null) throw new Error('the stream has ended')
        if (isIt(message)) return message
      }
    },
    close: () => void response.destroy(),
  }
}

async function* messagesIn(body: AsyncIterable<Uint8Array>): AsyncGenerator<StreamMessage> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true })
    const blocks = text.split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => line.split(/: (.*)/s, 2) as [string, string]),
      )
      const data = fields.get('data')
      if (data !== undefined) yield { event: fields.get('event') ?? '', data: JSON.parse(data) }
    }
  }
}
