import { makeDirectory } from '@tusker/store-fs'
import { access, constants, realpath } from 'node:fs/promises'
import { sep } from 'node:path'
import type { Settings } from '../settings/settings.ts'
import { directoryError, StartError } from './start-errors.ts'

/**
 * Creates the directories where they are missing.
 *
 * @throws StartError when one cannot be created or written to, or one is inside the other
 */
export async function prepareDirectories({ directory, into }: Settings): Promise<void> {
  const uploads = await prepare(directory)
  if (into === undefined) return
  const files = await prepare(into)
  // A client names these files: among the records of uploads it could forge one.
  if (`${files}${sep}`.startsWith(`${uploads}${sep}`)) {
    throw new StartError('--into must be a directory outside the directory of the uploads')
  }
}

async function prepare(directory: string): Promise<string> {
  try {
    await makeDirectory(directory)
    await access(directory, constants.W_OK | constants.X_OK)
    return await realpath(directory)
  } catch (error) {
    throw directoryError(error, directory)
  }
}
