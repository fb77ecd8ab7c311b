import styles from '../styles/chooser.css?url'
import { complain } from '../ui/messages.ts'

let styled: Promise<void> | null = null

/** Opens Uppy's dashboard, where files are chosen, looked through, renamed, and sent. */
export async function openChooser(): Promise<void> {
  try {
    styled ??= loadStyles()
    const [{ openDashboard }] = await Promise.all([import('./dashboard.ts'), styled])
    openDashboard()
  } catch {
    styled = null
    complain('The chooser could not be loaded. Check the connection and try again.')
  }
}

/** By hand: Vite would not try again after a failure, and show the dashboard without its styles. */
async function loadStyles(): Promise<void> {
  const link = document.createElement('link')
  link.rel = 'stylesheet'
  link.href = styles
  const loaded = new Promise<void>((resolve, reject) => {
    link.addEventListener('load', () => resolve())
    link.addEventListener('error', () => {
      link.remove()
      reject(new Error('the styles could not be loaded'))
    })
  })
  document.head.append(link)
  await loaded
}
