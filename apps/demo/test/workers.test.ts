import { describe, expect, it, onTestFinished } from 'vitest'
import type { Demo } from './support/demo-process.ts'
import { SIGNED_IN, startDemo } from './support/demo-process.ts'

const COMMON = { ...SIGNED_IN, 'tus-resumable': '1.0.0' }

async function startWorkers(): Promise<Demo> {
  const demo = await startDemo({ WORKERS: '3', LOG_LEVEL: 'debug', PORT: '0' })
  onTestFinished(() => demo.dispose())
  return demo
}

/** The processes that have answered. */
function pidsOf(demo: Demo): number[] {
  const lines = demo
    .log()
    .split('\n')
    .filter((line) => line.includes('"pid"'))
  return [...new Set(lines.map((line) => Number(/"pid":(\d+)/.exec(line)?.[1])))]
}

/** Sends requests, each on its own connection, until `count` processes have responded. */
async function seeWorkers(demo: Demo, count: number): Promise<number[]> {
  await expect
    .poll(
      async () => {
        // Send many at once: the fastest worker, mostly the same one, accepts a single request.
        await Promise.all(
          Array.from({ length: 30 }, () =>
            fetch(`${demo.url}/files`, {
              method: 'OPTIONS',
              headers: { connection: 'close' },
              signal: AbortSignal.timeout(20_000),
            }).catch(() => {}),
          ),
        )
        return pidsOf(demo).length
      },
      { timeout: 60_000, interval: 20 },
    )
    .toBeGreaterThanOrEqual(count)
  return pidsOf(demo)
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('several workers behind one port', { timeout: 180_000 }, () => {
  it('receive an upload together, also when one of them is killed', async () => {
    const demo = await startWorkers()
    const pids = await seeWorkers(demo, 3)
    const created = await fetch(`${demo.url}/content/@tus-upload`, {
      method: 'POST',
      headers: { ...COMMON, 'upload-length': '12', 'upload-metadata': 'filename YS50eHQ=' },
    })
    const path = created.headers.get('location') ?? ''
    const offsetNow = async (): Promise<number> => {
      const look = await fetch(demo.url + path, { method: 'HEAD', headers: COMMON })
      return Number(look.headers.get('upload-offset'))
    }
    for (let offset = 0; offset < 12; offset += 1) {
      if (offset === 6) process.kill(pids[0] ?? 0, 'SIGKILL')
      await expect
        .poll(
          () =>
            fetch(demo.url + path, {
              method: 'PATCH',
              headers: {
                ...COMMON,
                connection: 'close',
                'upload-offset': String(offset),
                'content-type': 'application/offset+octet-stream',
              },
              body: 'abcdefghijkl'[offset] ?? '',
              signal: AbortSignal.timeout(20_000),
            }).then(
              // The byte may have arrived although the response was cut off.
              async ({ status }) => (status === 409 ? await offsetNow() : offset + 1),
              () => 'cut off',
            ),
          { timeout: 60_000 },
        )
        .toBe(offset + 1)
    }
    const content = await fetch(`${demo.url}/content/a.txt`, { headers: SIGNED_IN })
    expect(await content.text()).toBe('abcdefghijkl')
    // Another worker has replaced the killed one.
    await seeWorkers(demo, 4)
  })

  it('shut down together in an orderly way', async () => {
    const demo = await startWorkers()
    const pids = await seeWorkers(demo, 3)
    expect(await demo.end('SIGTERM')).toBe(0)
    expect(pids.filter(isAlive)).toEqual([])
  })

  it('do not outlive the process that started them', async () => {
    const demo = await startWorkers()
    const pids = await seeWorkers(demo, 3)
    await demo.end('SIGKILL')
    await expect.poll(() => pids.filter(isAlive)).toEqual([])
  })
})
