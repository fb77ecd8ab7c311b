import { openConnection } from '../load/connection.ts'
import { joining } from '../load/requests.ts'
import { upload } from './bytes.ts'
import type { Sizes } from './sizes.ts'
import { GIB, MIB } from './sizes.ts'
import type { Work } from './work.ts'

const PARTS = 4

/** A final upload: its parts are there before anything is measured. */
export function concatWorks({ part }: Sizes): Work[] {
  const partial = { length: part, creationFields: { 'Upload-Concat': 'partial' } }
  return [
    {
      name: 'final',
      title: `a final upload of ${PARTS} × ${part / MIB} MiB`,
      group: 'concat',
      unit: 'ms/GiB',
      amount: (PARTS * part) / GIB,
      needs: ['concatenation', 'large'],
      isInTable: true,
      isLarge: true,
      async open(port) {
        const connection = await openConnection(port)
        const paths: string[] = []
        const smaller: string[] = []
        for (let index = 0; index < PARTS; index += 1) {
          paths.push(await upload(connection, partial))
          smaller.push(await upload(connection, { ...partial, length: MIB }))
        }
        return {
          warm: async () => {
            await connection.send(joining(smaller))
          },
          run: async () => {
            await connection.send(joining(paths))
          },
          close: () => connection.close(),
        }
      },
    },
  ]
}
