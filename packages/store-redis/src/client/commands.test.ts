import { describe, expect, it } from 'vitest'
import type { NodeClient } from './commands.ts'
import { commandsOver, scriptOf } from './commands.ts'

/** A client that fails some times, and then replies. */
function failing(times: number, message: string) {
  const sent: string[][] = []
  const signals: (AbortSignal | undefined)[] = []
  const client: NodeClient = {
    async sendCommand(args, options) {
      sent.push(args.map(String))
      const { abortSignal } = (options ?? {}) as { abortSignal?: AbortSignal }
      signals.push(abortSignal)
      if (sent.length <= times) throw new Error(message)
      return 'done'
    },
  }
  return { client, sent, signals }
}

describe('commands', () => {
  it.each([
    'Socket closed unexpectedly',
    'connect ECONNREFUSED 127.0.0.1:6379',
    'The client is offline',
    '',
    'LOADING Redis is loading the dataset in memory',
    'CLUSTERDOWN The cluster is down',
    'TRYAGAIN Multiple keys request during rehashing of slot',
    "READONLY You can't write against a read only replica.",
    "ERR Error running script (call to f_1): @user_script:1: @user_script: 1: -READONLY You can't write",
    'ERR Script attempted to access a non local key in a cluster node',
  ])('are sent again after what passes: %s', async (message) => {
    const { client, sent } = failing(2, message)
    expect(await commandsOver(client, 10_000).send('k', ['GET', 'k'])).toBe('done')
    expect(sent).toHaveLength(3)
  })

  it.each([
    'WRONGTYPE Operation against a key holding the wrong kind of value',
    'ERR syntax error',
    "OOM command not allowed when used memory > 'maxmemory'.",
    'NOPERM this user has no permissions',
    'The client is closed',
  ])('are not sent again after what stays: %s', async (message) => {
    const { client, sent } = failing(1, message)
    await expect(commandsOver(client, 10_000).send('k', ['GET', 'k'])).rejects.toThrow(message)
    expect(sent).toHaveLength(1)
  })

  it('a command fails after its timeout, and is not sent again afterwards', async () => {
    const { client, sent, signals } = failing(1_000, 'Socket closed unexpectedly')
    await expect(commandsOver(client, 200).send('k', ['GET', 'k'])).rejects.toThrow('200 ms')
    const before = sent.length
    expect(before).toBeGreaterThan(1)
    expect(signals.at(-1)?.aborted).toBe(true)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(sent).toHaveLength(before)
  })

  it('a command switches the time limit of the client off, which costs more than the command', async () => {
    const given: unknown[] = []
    const client: NodeClient = {
      sendCommand: (_args, options) => Promise.resolve(given.push(options)),
    }
    await commandsOver(client, 1_000).send('k', ['GET', 'k'])
    expect(given).toMatchObject([{ timeout: 0 }])
  })

  it('a script is sent by its digest, and as text only to a server that does not know it', async () => {
    const { client, sent } = failing(1, 'NOSCRIPT No matching script. Please use EVAL.')
    const script = scriptOf('return 1')
    await commandsOver(client, 1_000).run(script, ['k'], ['a'])
    await commandsOver(client, 1_000).run(script, ['k'], ['a'])
    const name = ['EVALSHA', 'e0e1f9fabfc9d4800c877a703b823ac0578ff8db', '1', 'k', 'a']
    expect(sent).toEqual([name, ['EVAL', 'return 1', '1', 'k', 'a'], name])
  })
})
