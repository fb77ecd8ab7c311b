import { join } from 'node:path'
import { programs } from '../../../../vitest.bundle.ts'

const { bundle, path } = programs(join(import.meta.dirname, '../..'), [
  'src/index.ts',
  'test/support/appending-child.ts',
  'test/support/stopping-child.ts',
])

/** The file that runs a program of these tests. */
export const programPath = path

export default bundle
