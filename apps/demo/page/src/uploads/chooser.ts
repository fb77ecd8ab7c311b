import { complain } from '../ui/messages.ts'

/** Opens Uppy's dashboard, where files are chosen, looked through, renamed, and sent. */
export async function openChooser(): Promise<void> {
  const chooser = await import('./dashboard.ts').catch(() => null)
  if (chooser === null)
    complain('The chooser could not be loaded. Check the connection and try again.')
  else chooser.openDashboard()
}
