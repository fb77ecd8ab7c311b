// Ports for programs that have to be told theirs before they listen, or that listen there again.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'

const LOWEST = 10_000
const HIGHEST = 65_535

/** What outgoing connections get where the system does not tell: Linux's range, and that of others. */
const USUAL_RANGE = [32_768, HIGHEST]

/** With fewer to choose from, two who choose at once would too often choose the same. */
const ENOUGH = 1_000

const TRIES = 5

/**
 * A port that nobody listens on, and that no outgoing connection gets, so that it stays free until a
 * program listens on it. `also` is how much higher a second port has to be free, too.
 */
export function freePort({ also = 0 } = {}) {
  return firstFree(shuffled(portsOutside(systemRange(), also)), also)
}

/**
 * Starts something on a free port. When that fails because somebody was quicker, it is tried with
 * other ports.
 */
export async function onFreePort(start, { also = 0 } = {}) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await start(await freePort({ also }))
    } catch (error) {
      if (tries === TRIES || !isTaken(error)) throw error
    }
  }
}

/** The ports to choose from when a system gives those of `range` to whoever asks for any. */
export function portsOutside([from, to], also = 0) {
  const outside = (port) => port < from || port > to
  const all = Array.from({ length: HIGHEST - also - LOWEST + 1 }, (_, index) => LOWEST + index)
  const good = all.filter((port) => outside(port) && outside(port + also))
  return good.length < ENOUGH ? all : good
}

/** The first of these ports on which nobody listens, nor `also` higher. */
export async function firstFree(ports, also = 0) {
  for (const port of ports) {
    if ((await isFree(port)) && (also === 0 || (await isFree(port + also)))) return port
  }
  throw new Error('there is no free port')
}

function systemRange() {
  try {
    const text = readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8')
    return text.trim().split(/\s+/).map(Number)
  } catch {
    return USUAL_RANGE
  }
}

/** On every address, as programs do that are told none. */
async function isFree(port) {
  const server = createServer().listen(port)
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

function isTaken(error) {
  return /EADDRINUSE|address already in use/i.test(`${error?.code} ${error?.message}`)
}

function* shuffled(values) {
  const left = [...values]
  while (left.length > 0) {
    const at = Math.floor(Math.random() * left.length)
    yield left[at]
    left[at] = left.at(-1)
    left.pop()
  }
}
