// The global setup of the vitest projects with Redis tests: selects the server that they start.
import type { TestProject } from 'vitest/node'
import type { FoundRedis } from './redis-binary.ts'
import { ensureRedis } from './redis.ts'

export default function setup(project: TestProject): void {
  project.provide('redis', server())
}

function server(): FoundRedis {
  try {
    return ensureRedis()
  } catch (error) {
    // Redis does not exist for Windows. On other systems the run fails without a server.
    const required = Boolean(process.env['CI']) && process.platform !== 'win32'
    const missing = (error as Error).message
    console.warn(`${required ? 'Failing' : 'Skipped'}: the tests that need Redis. ${missing}`)
    return { missing, required }
  }
}
