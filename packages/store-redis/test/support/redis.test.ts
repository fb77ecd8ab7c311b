import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { findRedis } from './redis.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tusker-redis-'))
})
afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(directory, { recursive: true, force: true })
})

/** A program that says what a server says of its version. */
function program(name: string, text: string): string {
  const path = join(directory, name)
  writeFileSync(path, `#!/bin/sh\necho '${text}'\n`)
  chmodSync(path, 0o755)
  return path
}

it.skipIf(process.platform === 'win32').each([
  ['Redis server v=6.2.0 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64', '6.2.0'],
  ['Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64', '8.1.1'],
])('findRedis accepts the named server: %s', (text, version) => {
  const bin = program('named', text)
  vi.stubEnv('REDIS_SERVER_BIN', bin)
  expect(findRedis()).toEqual({ bin, env: {}, version })
})

it
  .skipIf(process.platform === 'win32')
  .each(['Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.1.0 bits=64', 'something else'])(
  'findRedis rejects a server that is too old or unknown: %s',
  (text) => {
    const bin = program('named', text)
    vi.stubEnv('REDIS_SERVER_BIN', bin)
    expect(findRedis()?.bin).not.toBe(bin)
  },
)

it.skipIf(process.platform === 'win32')(
  'findRedis prefers Redis to Valkey if both are installed',
  () => {
    const text = 'server v=7.2.0 sha=0'
    program('redis-server', text)
    program('valkey-server', text)
    vi.stubEnv('REDIS_SERVER_BIN', '')
    vi.stubEnv('PATH', directory)
    expect(findRedis()).toMatchObject({ bin: 'redis-server', version: '7.2.0' })
    rmSync(join(directory, 'redis-server'))
    expect(findRedis()).toMatchObject({ bin: 'valkey-server' })
  },
)
