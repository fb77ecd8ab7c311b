import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../load/connection.ts'
import { openConnections, overConnections } from '../load/connections.ts'
import { creation, patch } from '../load/requests.ts'
import type { Sizes } from './sizes.ts'
import { GIB, KIB } from './sizes.ts'
import type { OpenWork, Work } from './work.ts'

/** Clients of this kind send so many bytes a second, in so many pieces. */
const RATE = 16 * KIB
const PIECES = 4
const piece = Buffer.alloc(RATE / PIECES, 'tusker')

/** Bytes read from a socket at a time: there are thousands of sockets, and the answers are short. */
const READ = 4 * KIB

/** Many connections that are slow or silent. */
export function slowWorks({ slow, seconds, held, silent }: Sizes): Work[] {
  const work = { group: 'connections', needs: [], isInTable: true, isLarge: false } as const
  return [
    {
      ...work,
      name: 'slow',
      title: `${slow} connections at 16 KiB/s for ${seconds} s`,
      unit: 'ms/GiB',
      amount: (slow * seconds * RATE) / GIB,
      open: (port) => openSteady(port, slow, seconds),
    },
    {
      ...work,
      name: 'slow-memory',
      title: `memory of each of ${held} slow connections`,
      unit: 'KiB each',
      amount: held,
      open: (port) => openHeld(port, held, 4),
    },
    {
      ...work,
      name: 'silent',
      title: `${silent} silent bodies`,
      unit: '% of a core',
      amount: 1,
      open: async (port) => {
        const opened = await openHeld(port, silent, 0)
        await opened.run()
        return { ...opened, warm: () => sleep(2_000), run: () => sleep(seconds * 1_000) }
      },
    },
  ]
}

async function openSteady(port: number, count: number, seconds: number): Promise<OpenWork> {
  const connections = await openConnections(port, count, READ)
  return {
    warm: () => sendSteadily(connections, 2),
    run: () => sendSteadily(connections, seconds),
    close: () => connections.forEach((connection) => connection.close()),
  }
}

/** Each connection creates an upload and appends all of it in one PATCH. Their beats are spread evenly. */
async function sendSteadily(connections: readonly Connection[], seconds: number): Promise<void> {
  const length = RATE * seconds
  const beat = 1_000 / PIECES
  const responses = connections.map(async (connection, index) => {
    const { location } = await connection.send(creation(length))
    await sleep((index / connections.length) * beat)
    const response = connection.send(patch(location, 0, length))
    for (let sent = 0; sent < seconds * PIECES; sent += 1) {
      connection.push(piece)
      if (sent + 1 < seconds * PIECES) await sleep(beat)
    }
    await response
  })
  await Promise.all(responses)
}

/** Bodies that began and do not end. `run` starts them; they last until `close`. */
async function openHeld(port: number, count: number, seconds: number): Promise<OpenWork> {
  const length = RATE * 3_600
  const opened: Connection[] = []
  const start = async (howMany: number): Promise<void> => {
    const connections = await openConnections(port, howMany, READ)
    opened.push(...connections)
    await overConnections(connections, howMany, async (connection) => {
      const { location } = await connection.send(creation(length))
      connection.send(patch(location, 0, length)).catch(() => {})
      connection.push(piece)
    })
    for (let sent = 0; sent < seconds; sent += 1) {
      connections.forEach((connection) => connection.push(piece))
      await sleep(1_000)
    }
  }
  return {
    warm: () => start(Math.ceil(count / 10)),
    run: () => start(count),
    close: () => opened.forEach((connection) => connection.close()),
  }
}
