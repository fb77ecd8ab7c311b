import { join } from 'node:path'
import { programs } from '../../../../vitest.bundle.ts'

const { bundle, path } = programs(join(import.meta.dirname, '../..'), [
  'test/support/crashing-server.ts',
  'test/support/crashing-writer.ts',
])

/** The file that runs a program of these tests. */
export const programPath = path

export default bundle
