import type { RequestHandler } from '@tusker/core'
import type { RequestListener, Server } from 'node:http'

/** What the demo can be served with. */
export const FRAMEWORKS = ['node', 'express', 'koa', 'fastify', 'hono'] as const
export type FrameworkName = (typeof FRAMEWORKS)[number]

/**
 * Mounts the demo in a framework. `wrap` goes around the listener that the framework makes, so that
 * requests are logged alike by all. The server is prepared for uploads, and does not listen yet.
 */
export type Framework = (
  demo: RequestHandler,
  wrap: (listener: RequestListener) => RequestListener,
) => Server | Promise<Server>

/** Loads one framework, and leaves the others where they are. */
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
