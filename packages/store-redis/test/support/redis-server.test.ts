import { createClient, createCluster } from '@redis/client'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { describeRedis } from './redis-binary.ts'
import { startCluster, startPair } from './redis-groups.ts'
import { eventually, startRedis } from './redis-server.ts'

describeRedis('servers for tests', () => {
  it('leaves nothing behind', async () => {
    const server = await startRedis()
    const directory = String(await server.command('CONFIG', 'GET', 'dir')).split(',')[1]!
    await server.dispose()
    expect(readdirSync(tmpdir())).not.toContain(directory.split('/').at(-1))
    await expect(server.command('PING')).rejects.toThrow()
  })

  it('has lost all after a kill, and nothing with a file', async () => {
    for (const appendOnly of [false, true]) {
      const server = await startRedis({ appendOnly })
      onTestFinished(() => server.dispose())
      await server.command('SET', 'key', 'value')
      await server.kill()
      await server.start()
      expect(await server.command('GET', 'key')).toBe(appendOnly ? 'value' : null)
    }
  })

  it('answers nothing while it is paused', async () => {
    const server = await startRedis()
    onTestFinished(() => server.dispose())
    const client = createClient({ url: server.url })
    await client.connect()
    server.pause()
    const answered = client.ping()
    const first = await Promise.race([answered, new Promise((tell) => setTimeout(tell, 200, 'no'))])
    expect(first).toBe('no')
    server.resume()
    expect(await answered).toBe('PONG')
    client.destroy()
  })

  it.each(['process', 'process group'])('goes with a %s that is killed', async (what) => {
    const directory = mkdtempSync(join(tmpdir(), 'tusker-redis-'))
    const guard = ['sh', join(import.meta.dirname, 'guard.sh'), directory, 'sleep', '1000']
    const code = `
      const [command, ...args] = ${JSON.stringify(guard)}
      const { spawn } = require('node:child_process')
      spawn(command, args, { stdio: ['pipe', 'inherit', 'ignore'] }).stdin.write('\\n')
    `
    const child = spawn(process.execPath, ['-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    const [line] = (await once(child.stdout, 'data')) as [Buffer]
    const pid = Number(/started (\d+)/.exec(String(line))![1])
    expect(process.kill(pid, 0)).toBe(true)
    if (what === 'process') child.kill('SIGKILL')
    else process.kill(-child.pid!, 'SIGTERM')
    await eventually('the server is gone with its directory', () => {
      return !existsSync(directory) && !existsSync(`/proc/${pid}`)
    })
  })

  it('makes a replica a primary', async () => {
    const pair = await startPair()
    onTestFinished(() => pair.dispose())
    await pair.primary.command('SET', 'key', 'value')
    await eventually('the replica follows', async () => {
      return (await pair.replica.command('GET', 'key')) === 'value'
    })
    await expect(pair.replica.command('SET', 'key', 'other')).rejects.toThrow('READONLY')
    await pair.primary.kill()
    await pair.promote()
    expect(await pair.replica.command('SET', 'key', 'other')).toBe('OK')
  })

  it('shares slots among three', async () => {
    const servers = await startCluster()
    onTestFinished(() => servers.dispose())
    const client = createCluster({ rootNodes: servers.nodes.map(({ url }) => ({ url })) })
    await client.connect()
    for (const key of ['a', 'b', 'c', 'd']) expect(await client.set(key, key)).toBe('OK')
    const sizes = await Promise.all(servers.nodes.map((node) => node.command('DBSIZE')))
    expect(sizes.filter((size) => size !== 0).length).toBeGreaterThan(1)
    client.destroy()
  })
})
