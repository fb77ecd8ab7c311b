// The global setup of the vitest projects with Redis tests: tells them which server to start.
import { ensureRedis } from './redis.mjs'

export default function setup(project) {
  project.provide('redis', server())
}

function server() {
  try {
    return ensureRedis()
  } catch (error) {
    // There is none for Windows. Elsewhere a machine for tests has one, or its run fails.
    const required = Boolean(process.env.CI) && process.platform !== 'win32'
    console.warn(`${required ? 'Failing' : 'Skipped'}: the tests that need Redis. ${error.message}`)
    return { missing: error.message, required }
  }
}
