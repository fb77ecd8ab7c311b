import { join } from 'node:path'
import { programs } from '../../../vitest.bundle.ts'

/** The programs that `examples.test.ts` runs. */
export const PROGRAMS = [
  'node',
  'express',
  'koa',
  'fastify',
  'hono',
  'hono-on-node',
  'behind-nginx',
  'metrics',
] as const

const { bundle, path } = programs(
  join(import.meta.dirname, '../..'),
  PROGRAMS.map((name) => `${name}.ts`),
)

/** The file that runs an example. */
export const programPath = path

export default bundle
