import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The sessions that their users have ended before they expired. */
export interface EndedSessions {
  has(id: string): boolean
  add(id: string): Promise<void>
}

const NAME = 'ended-sessions'

/**
 * Keeps ended sessions as empty files in the data directory, for all processes with this directory.
 *
 * @param lifetime milliseconds after which an ended session has expired as well, and is forgotten
 */
export async function endedSessions(
  dataDirectory: string,
  lifetime: number,
): Promise<EndedSessions> {
  const directory = join(dataDirectory, NAME)
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let swept = Number.NEGATIVE_INFINITY

  async function sweep(): Promise<void> {
    if (performance.now() - swept < lifetime / 7) return
    swept = performance.now()
    for (const name of await readdir(directory)) {
      const path = join(directory, name)
      const { mtimeMs } = await stat(path)
      if (Date.now() - mtimeMs > lifetime) await unlink(path)
    }
  }

  return {
    // Each request asks, and a look at one name takes microseconds.
    has: (id) => existsSync(join(directory, id)),
    async add(id) {
      await writeFile(join(directory, id), '', { mode: 0o600 })
      // Another process may sweep at the same time.
      await sweep().catch(() => undefined)
    },
  }
}
