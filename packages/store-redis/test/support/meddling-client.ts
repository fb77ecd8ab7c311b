import type { Argument, NodeClient, RedisClient } from '../../src/client/commands.ts'

/** What happens to a command on its way: it is sent by `send`, or not, or twice. */
export type Meddle = (args: Argument[], send: () => Promise<unknown>) => Promise<unknown>

/** A client over one connection whose commands can be held up, lost or sent twice. */
export function meddling(client: RedisClient, meddle: Meddle): NodeClient {
  if (!('sendCommand' in client) || 'masters' in client)
    throw new TypeError('this is for one connection')
  return {
    sendCommand: (args, options) => meddle(args, () => client.sendCommand(args, options)),
  }
}

/** Something to wait for, and how to make it happen. */
export interface Gate {
  readonly opened: Promise<void>
  open(): void
}

export function gate(): Gate {
  let open: () => void = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open: () => open() }
}
