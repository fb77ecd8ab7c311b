import { systemCodeOf } from '@tusker/core'
import type { Settings } from '../settings/settings.ts'

/** The server cannot start. The message is one line for the operator. */
export class StartError extends Error {}

/** The error for a server that cannot listen. */
export function listenError(error: unknown, { port, host }: Settings): StartError {
  const options = { cause: error }
  switch (systemCodeOf(error)) {
    case 'EADDRINUSE':
      return new StartError(`port ${port} is in use; choose another one with --port`, options)
    case 'EACCES':
      return new StartError(`no permission to use port ${port}; choose one above 1023`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${host} is not an address of this machine; see --host`, options)
    default:
      return new StartError(`cannot listen: ${messageOf(error)}`, options)
  }
}

/** The error for a directory that cannot be used. */
export function directoryError(error: unknown, directory: string): StartError {
  const options = { cause: error }
  switch (systemCodeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StartError(`${directory} is not a directory; choose another one`, options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(`no permission to write to ${directory}; choose another one`, options)
    default:
      return new StartError(`cannot use ${directory}: ${messageOf(error)}`, options)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
