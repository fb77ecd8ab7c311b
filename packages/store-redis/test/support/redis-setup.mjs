// The global setup of the vitest projects with Redis tests: selects the server that they start.
import { ensureRedis } from './redis.mjs'

export default function setup(project) {
  project.provide('redis', server())
}

function server() {
  try {
    return ensureRedis()
  } catch (error) {
    // Redis does not exist for Windows. On other systems the run fails without a server.
    const required = Boolean(process.env.CI) && process.platform !== 'win32'
    console.warn(`${required ? 'Failing' : 'Skipped'}: the tests that need Redis. ${error.message}`)
    return { missing: error.message, required }
  }
}
