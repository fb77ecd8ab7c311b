import { access, constants, mkdir, realpath } from 'node:fs/promises'
import type { Settings } from '../settings/settings.ts'
import { StartError, whyNotKept } from './start-errors.ts'

/**
 * Makes the directories, if they are not there.
 *
 * @throws StartError when one cannot be made or written to, or both are the same
 */
export async function makeDirectories({ directory, into }: Settings): Promise<void> {
  const uploads = await writable(directory)
  if (into === undefined) return
  // A client names the files there: among the records of uploads it could forge one.
  if ((await writable(into)) === uploads) {
    throw new StartError('--into has to be another directory than that of the uploads')
  }
}

async function writable(directory: string): Promise<string> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK | constants.X_OK)
    return await realpath(directory)
  } catch (error) {
    throw whyNotKept(error, directory)
  }
}
