import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { MIB } from '../works/sizes.ts'
import type { Way } from './client.ts'
import { upload } from './client.ts'
import type { CountingProxy } from './counting-proxy.ts'
import type { S3Server } from './storage.ts'

/** Requests to the storage for one upload. */
export async function requestsOf(
  { port }: S3Server,
  proxy: CountingProxy,
  length: number,
  way: Way,
): Promise<Readonly<Record<string, number>>> {
  // The first upload of a process may look at the bucket.
  await upload(port, 1, way)
  await quiet(proxy)
  await upload(port, length, way)
  const counts: Record<string, number> = {}
  for (const { kind } of await quiet(proxy)) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** The requests until none came for a while: some are sent after the response to the client. */
async function quiet(proxy: CountingProxy) {
  const all = [...proxy.taken()]
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 300))
    const more = proxy.taken()
    if (more.length === 0) return all
    all.push(...more)
  }
}

/** Milliseconds of CPU for each upload, and milliseconds until each was complete. */
export async function costOf(
  server: S3Server,
  length: number,
  count: number,
): Promise<{ readonly cpu: number; readonly time: number }> {
  for (let index = 0; index < count / 5; index += 1)
    await upload(server.port, length, 'POST, PATCH')
  const before = await server.usage()
  const startedAt = performance.now()
  for (let index = 0; index < count; index += 1) await upload(server.port, length, 'POST, PATCH')
  const time = (performance.now() - startedAt) / count
  const after = await server.usage()
  return { cpu: (after.user + after.system - before.user - before.system) / 1_000 / count, time }
}

/** The most memory and temporary files during eight uploads of 64 MiB at the same time, in MiB above the start. */
export async function growthOf(
  server: S3Server,
): Promise<{ readonly memory: number; readonly files: number }> {
  await upload(server.port, 64 * MIB, 'POST, PATCH')
  const start = (await server.memory()) / MIB
  let memory = 0
  let files = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      memory = Math.max(memory, (await residentSize(server.pid)) / MIB)
      files = Math.max(files, (await sizeIn(server.temporary)) / MIB)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  })()
  const all = Array.from({ length: 8 }, () => upload(server.port, 64 * MIB, 'POST, PATCH'))
  await Promise.all(all)
  isOver = true
  await watching
  return { memory: memory - start, files }
}

async function residentSize(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1_024
}

async function sizeIn(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true })
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        (found) => (found.isFile() ? found.size : 0),
        // It was removed meanwhile.
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
