import type { Settings } from '../settings/settings.ts'

/** What people are told once the server serves. */
export function greeting(settings: Settings, url: string): string {
  const { directory, into, credentials } = settings
  const lines = [`Takes uploads at ${url}`, `Keeps them in ${directory}`]
  if (into !== undefined) lines.push(`Completed ones appear in ${into}`)
  const isOpen = credentials.user === undefined && credentials.token === undefined
  if (isOpen && !isLocal(settings.host)) {
    lines.push('Whoever reaches this port may upload: see --user and --token')
  }
  return lines.join('\n')
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
