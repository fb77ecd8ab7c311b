import type { Framework } from './framework.ts'

/** The frameworks that can serve the demo. */
export const FRAMEWORKS = ['node', 'express', 'koa', 'fastify', 'hono'] as const
export type FrameworkName = (typeof FRAMEWORKS)[number]

/** Loads one framework only. */
export async function loadFramework(name: FrameworkName): Promise<Framework> {
  switch (name) {
    case 'node':
      return (await import('./node.ts')).node
    case 'express':
      return (await import('./express.ts')).express
    case 'koa':
      return (await import('./koa.ts')).koa
    case 'fastify':
      return (await import('./fastify.ts')).fastify
    case 'hono':
      return (await import('./hono.ts')).hono
  }
}
