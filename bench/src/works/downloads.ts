import { openConnection } from '../load/connection.ts'
import { openConnections, overConnections } from '../load/connections.ts'
import { download } from '../load/requests.ts'
import { upload } from './bytes.ts'
import type { Sizes } from './sizes.ts'
import { GIB, KIB, MIB } from './sizes.ts'
import type { Work } from './work.ts'

const RANGES = [64 * KIB, MIB] as const

/** Downloads of whole uploads and of ranges. */
export function downloadWorks({ large }: Sizes): Work[] {
  return [wholeDownload(large), ...RANGES.map((length) => ranges(length, large / 4))]
}

function wholeDownload(length: number): Work {
  return {
    name: 'get',
    title: `GET of ${length / MIB} MiB`,
    group: 'download',
    unit: 'ms/GiB',
    amount: length / GIB,
    needs: ['large', 'download'],
    isInTable: true,
    isLarge: true,
    async open(port) {
      const connection = await openConnection(port, MIB)
      const path = await upload(connection, { length })
      const warmed = await upload(connection, { length: 64 * MIB })
      const get = async (from: string, expected: number): Promise<void> => {
        const response = await connection.send(download(from))
        if (response.length !== expected) throw new Error(`${response.length} bytes came`)
      }
      return {
        warm: () => get(warmed, 64 * MIB),
        run: () => get(path, length),
        close: () => connection.close(),
      }
    },
  }
}

function ranges(rangeLength: number, length: number): Work {
  const amount = length / rangeLength
  return {
    name: `range-${rangeLength / KIB}-kib`,
    title: `ranges of ${rangeLength / KIB} KiB, 16 connections`,
    group: 'download',
    unit: 'us each',
    amount,
    needs: ['large', 'download', 'range'],
    isInTable: rangeLength === MIB,
    isLarge: true,
    async open(port) {
      const opened = await openConnections(port, 16)
      const [first] = opened
      if (first === undefined) throw new Error('there is no connection')
      const path = await upload(first, { length })
      const get = async (index: number, connection = first): Promise<void> => {
        const start = (index * rangeLength) % length
        const { status } = await connection.send(download(path, [start, start + rangeLength - 1]))
        if (status !== 206) throw new Error(`the server answered ${status} to a range`)
      }
      return {
        warm: () => overConnections(opened, amount / 2, (each, index) => get(index, each)),
        run: () => overConnections(opened, amount, (each, index) => get(index, each)),
        close: () => opened.forEach((connection) => connection.close()),
      }
    },
  }
}
