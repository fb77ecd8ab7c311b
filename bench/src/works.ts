import type { Client } from './client.ts'

/** Something for a server to do. */
export interface Work {
  readonly title: string
  /** What the CPU time is divided by, and what that gives. */
  readonly count: number
  readonly unit: 'ms per GiB' | 'us each'
  run(client: Client): Promise<void>
}

const MIB = 2 ** 20
const GIB = 2 ** 30
const SMALL = 4_096
const CONNECTIONS = 16
const TYPE = { 'content-type': 'application/offset+octet-stream' }

const piece = Buffer.alloc(MIB, 1)
const small = [Buffer.alloc(SMALL, 1)]

/** The works of the table in the design: large and small, in one request and in many. */
export const works: readonly Work[] = [
  inPieces('1 GiB in one PATCH', GIB, GIB),
  inPieces('256 MiB in 5 MiB PATCHes', 255 * MIB, 5 * MIB),
  inPieces('256 MiB in 1 MiB PATCHes', 256 * MIB, MIB),
  many('4 KiB with its creation', 4_000, (client) =>
    client.send('POST', '/', { ...TYPE, 'upload-length': SMALL, 'content-length': SMALL }, small),
  ),
  many('4 KiB, created, then appended', 3_000, async (client) => {
    const { location = '' } = await client.send('POST', '/', {
      ...{ 'upload-length': SMALL, 'content-length': 0 },
    })
    await append(client, location, 0, small, SMALL)
  }),
  {
    ...{ title: 'HEAD, over many uploads', count: 8_000, unit: 'us each' },
    async run(client) {
      const paths: string[] = []
      for (let index = 0; index < 200; index += 1) {
        const fields = { 'upload-length': SMALL, 'content-length': 0 }
        paths.push((await client.send('POST', '/', fields)).location ?? '')
      }
      await inParallel(8_000, (index) => client.send('HEAD', paths[index % paths.length] ?? ''))
    },
  },
]

function inPieces(title: string, length: number, pieceLength: number): Work {
  return {
    ...{ title, count: length / GIB, unit: 'ms per GiB' },
    async run(client) {
      const fields = { 'upload-length': length, 'content-length': 0 }
      const { location = '' } = await client.send('POST', '/', fields)
      const body = Array<Buffer>(pieceLength / MIB).fill(piece)
      for (let offset = 0; offset < length; offset += pieceLength) {
        await append(client, location, offset, body, pieceLength)
      }
    },
  }
}

function many(title: string, count: number, once: (client: Client) => Promise<unknown>): Work {
  return {
    ...{ title, count, unit: 'us each' },
    run: (client) => inParallel(count, () => once(client)),
  }
}

async function append(
  client: Client,
  path: string,
  offset: number,
  body: Iterable<Uint8Array>,
  length: number,
): Promise<void> {
  const fields = { ...TYPE, 'upload-offset': offset, 'content-length': length }
  await client.send('PATCH', path, fields, body)
}

async function inParallel(count: number, once: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await once(next++)
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
}
