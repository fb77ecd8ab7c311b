import type { Connection } from '../load/connection.ts'
import { openConnections, overConnections } from '../load/connections.ts'
import { creation, creationWithUpload, lookUp, patch } from '../load/requests.ts'
import type { Sizes } from './sizes.ts'
import { KIB } from './sizes.ts'
import type { Work } from './work.ts'

const LENGTH = 4 * KIB
const body = Buffer.alloc(LENGTH, 'tusker')

/**
 * How many times as many requests as are measured come before. A server process spends several times as much
 * on its first thousands of requests, on compiling its code, and what that costs differs from server to server.
 */
const WARM_UP = 1.5

/** Small uploads and looks at uploads, over few and many connections. */
export function smallWorks({ small, looks, uploads }: Sizes): Work[] {
  const all = [1, 16, 64]
  return [
    ...all.map((connections) =>
      many(
        { name: 'creation', title: '4 KiB by creation-with-upload', connections },
        small,
        create,
      ),
    ),
    ...all.map((connections) =>
      many(
        { name: 'post-patch', title: '4 KiB by POST and PATCH', connections },
        small,
        createThenPatch,
      ),
    ),
    headWork(looks, uploads),
  ]
}

type Once = (connection: Connection) => Promise<unknown>

const create: Once = (connection) => connection.send(creationWithUpload(body))

const createThenPatch: Once = async (connection) => {
  const { location } = await connection.send(creation(LENGTH))
  await connection.send(Buffer.concat([patch(location, 0, LENGTH), body]))
}

interface Named {
  readonly name: string
  readonly title: string
  readonly connections: number
}

function many({ name, title, connections }: Named, amount: number, once: Once): Work {
  return {
    name: `${name}-${connections}`,
    title: `${title}, ${connections} ${connections === 1 ? 'connection' : 'connections'}`,
    group: 'small',
    unit: 'us each',
    amount,
    needs: [],
    isInTable: connections === 16,
    isLarge: false,
    async open(port) {
      const opened = await openConnections(port, connections)
      return {
        warm: () => overConnections(opened, Math.ceil(amount * WARM_UP), once),
        run: () => overConnections(opened, amount, once),
        close: () => opened.forEach((connection) => connection.close()),
      }
    },
  }
}

function headWork(amount: number, uploads: number): Work {
  return {
    name: 'head',
    title: 'HEAD, 16 connections',
    group: 'head',
    unit: 'us each',
    amount,
    needs: [],
    isInTable: true,
    isLarge: false,
    async open(port) {
      const opened = await openConnections(port, 16)
      const requests: Buffer[] = []
      await overConnections(opened, uploads, async (connection) => {
        const { location } = await connection.send(creation(LENGTH))
        requests.push(lookUp(location))
      })
      const look = (connection: Connection, index: number): Promise<unknown> =>
        connection.head(requests[index % uploads] ?? body)
      return {
        warm: () => overConnections(opened, Math.ceil(amount * WARM_UP), look),
        run: () => overConnections(opened, amount, look),
        close: () => opened.forEach((connection) => connection.close()),
      }
    },
  }
}
