import type { Settings } from '../settings/settings.ts'

/** The text that is printed once the server listens. */
export function greeting(settings: Settings, url: string): string {
  const { directory, into, credentials } = settings
  const lines = [`Listening on ${url}`, `Storing uploads in ${directory}`]
  if (into !== undefined) lines.push(`Completed files go to ${into}`)
  const isOpen = credentials.user === undefined && credentials.token === undefined
  if (isOpen && !isLocal(settings.host)) {
    lines.push('Warning: anyone who can reach this port may upload; see --user and --token')
  }
  return lines.join('\n')
}

/** True for an address that only this machine can reach. */
export function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
