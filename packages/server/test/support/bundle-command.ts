import { join } from 'node:path'
import { programs } from '../../../../vitest.bundle.ts'

const { bundle, path } = programs(join(import.meta.dirname, '../..'), ['src/main.ts'])

/** The file that the tests run in place of the built command. */
export const BUNDLE = path('main')

export default bundle
