import styles from '../styles/chooser.css?url'
import { clearErrors, reportError } from '../ui/messages.ts'

const TOPIC = 'chooser'

let styled: Promise<void> | null = null

/** Opens Uppy's dashboard, where the user chooses, reviews and renames files, and uploads them. */
export async function openChooser(): Promise<void> {
  clearErrors(TOPIC)
  try {
    styled ??= loadStyles()
    const [{ openDashboard }] = await Promise.all([import('./dashboard.ts'), styled])
    openDashboard()
  } catch {
    styled = null
    reportError("The file chooser can't be loaded. Check your connection and try again.", TOPIC)
  }
}

/** Not by an import: after a failure Vite would show the dashboard without its styles. */
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
