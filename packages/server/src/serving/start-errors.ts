import type { Settings } from '../settings/settings.ts'

/** What keeps the server from starting, in words for whoever starts it. */
export class StartError extends Error {}

/** Words for why it cannot listen. */
export function whyNotListening(error: unknown, { port, host }: Settings): StartError {
  const options = { cause: error }
  switch (codeOf(error)) {
    case 'EADDRINUSE':
      return new StartError(`port ${port} is taken, choose another one with --port`, options)
    case 'EACCES':
      return new StartError(`port ${port} is not for everybody, choose one above 1023`, options)
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new StartError(`${host} is no address of this machine, see --host`, options)
    default:
      return new StartError(`cannot listen: ${messageOf(error)}`, options)
  }
}

/** Words for why a directory cannot be used. */
export function whyNotKept(error: unknown, directory: string): StartError {
  const options = { cause: error }
  switch (codeOf(error)) {
    case 'EEXIST':
    case 'ENOTDIR':
      return new StartError(`${directory} is no directory, choose another one`, options)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new StartError(`${directory} cannot be written to, choose another one`, options)
    default:
      return new StartError(`${directory} cannot be used: ${messageOf(error)}`, options)
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
