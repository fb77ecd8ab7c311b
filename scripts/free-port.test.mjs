import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { firstFree, freePort, onFreePort, portsOutside } from './free-port.mjs'

/** Somebody who listens. */
async function taken(host) {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => server.close())
  return server.address().port
}

it('gives no port that the system may give to somebody else', async () => {
  const range = [32_768, 60_999]
  const ports = portsOutside(range)
  expect(ports).toContain(32_767)
  expect(ports).toContain(61_000)
  expect(ports.filter((port) => port >= 32_768 && port <= 60_999)).toEqual([])
  const pairs = portsOutside(range, 10_000)
  expect(Math.max(...pairs)).toBe(22_767)
  expect(Math.min(...pairs)).toBe(10_000)
})

it('gives any port where the system gives nearly all to somebody else', () => {
  expect(portsOutside([1_024, 65_535])).toHaveLength(55_536)
  expect(Math.max(...portsOutside([1_024, 65_535], 10_000))).toBe(55_535)
})

it.each(['127.0.0.1', undefined])('gives no port on which somebody listens at %s', async (host) => {
  const port = await taken(host)
  const free = await freePort()
  expect(await firstFree([port, free])).toBe(free)
  await expect(firstFree([port])).rejects.toThrow('there is no free port')
})

it('gives no port when the second one is taken', async () => {
  const port = await taken('127.0.0.1')
  await expect(firstFree([port - 5_000], 5_000)).rejects.toThrow('there is no free port')
})

it('starts with another port when somebody was quicker', async () => {
  const tried = []
  const started = await onFreePort(async (port) => {
    tried.push(port)
    if (tried.length === 1) throw new Error(`bind: Address already in use`)
    if (tried.length === 2) throw Object.assign(new Error('listen'), { code: 'EADDRINUSE' })
    return 'started'
  })
  expect(started).toBe('started')
  expect(new Set(tried).size).toBe(3)
})

it('does not try for ever, nor after another failure', async () => {
  let tries = 0
  const failing = (message) =>
    onFreePort(() => {
      tries += 1
      return Promise.reject(new Error(message))
    })
  await expect(failing('bind: Address already in use')).rejects.toThrow('Address already in use')
  expect(tries).toBe(5)
  await expect(failing('out of memory')).rejects.toThrow('out of memory')
  expect(tries).toBe(6)
})
