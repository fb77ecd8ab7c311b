import { join } from 'node:path'
import { programs } from '../../../../vitest.bundle.ts'

const { bundle, path } = programs(
  join(import.meta.dirname, '../..'),
  ['test/support/appending-child.ts', 'test/support/holding-child.ts'],
  ['@redis/client', 'ioredis'],
)

/** The file that runs a program of these tests. */
export const programPath = path

export default bundle
