import { mkdtempSync, rmSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory that is gone with this process, also when somebody ends it. */
export function scratchDirectory(name) {
  const directory = mkdtempSync(join(tmpdir(), `tusker-${name}-`))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true, maxRetries: 5 }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]))
  }
  return directory
}
