import type { Signal } from '@preact/signals'
import { effect, signal } from '@preact/signals'
import { readFolder } from '../api/content.ts'
import { ApiError, explain } from '../api/errors.ts'
import type { Folder } from '../api/types.ts'
import { link } from '../live/live.ts'
import { route } from '../route/route.ts'
import { session } from '../session/session.ts'
import { target } from '../uploads/target.ts'
import { lastChange } from './changes.ts'
import { distinct } from './distinct.ts'
import { rememberTitles } from './titles.ts'

/** What is known about the folder that is open. */
export type FolderState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'shown'; readonly path: readonly string[]; readonly folder: Folder }
  | { readonly kind: 'failed'; readonly status: number; readonly problem: string }

export const folderState: Signal<FolderState> = signal({ kind: 'loading' })

/** Milliseconds in which many changes make one look. */
const GATHERING = 250

let looking = new AbortController()

/** Follows the address, and shows the folder it names as it is now. */
export function followFolder(): void {
  effect(() => {
    if (session.value.kind !== 'in' || route.value.view !== 'folder') return
    void look(route.value.path)
  })
  let planned: ReturnType<typeof setTimeout> | undefined
  const plan = (): void => {
    clearTimeout(planned)
    planned = setTimeout(reloadFolder, GATHERING)
  }
  effect(() => {
    const change = lastChange.value
    const { view } = route.peek()
    if (change !== null && view === 'folder' && concerns(change.path)) plan()
  })
  document.addEventListener('visibilitychange', () => document.hidden || plan())
  // Whatever happened while the connection was lost was not heard of.
  let wasLost = false
  effect(() => {
    if (link.value === 'lost') wasLost = true
    if (link.value !== 'open' || !wasLost) return
    wasLost = false
    plan()
  })
}

/** Looks at the folder again. */
export function reloadFolder(): void {
  const { value } = route
  if (session.value.kind === 'in' && value.view === 'folder') void look(value.path)
}

/** A folder shows its own objects, so it changes with these and not with what is deeper. */
function concerns(changed: string): boolean {
  const value = route.peek()
  if (value.view !== 'folder') return false
  const here = `/${value.path.join('/')}`
  const slash = changed.lastIndexOf('/')
  return changed === here || (changed.slice(0, slash) || '/') === here
}

async function look(path: readonly string[]): Promise<void> {
  looking.abort()
  looking = new AbortController()
  const { signal: aborted } = looking
  const before = folderState.peek()
  if (before.kind !== 'shown' || before.path.join('/') !== path.join('/')) {
    folderState.value = { kind: 'loading' }
    target.value = null
  }
  try {
    const found = await readFolder(path, aborted)
    if (aborted.aborted) return
    const folder = { ...found, items: distinct(found.items) }
    rememberTitles(path, folder)
    folderState.value = { kind: 'shown', path, folder }
    target.value = { folderUrl: folder['@id'].replace(/\/$/, ''), folderPath: `/${path.join('/')}` }
  } catch (error) {
    if (aborted.aborted) return
    // What is shown stays while the server is away.
    if (error instanceof ApiError && error.status === 0 && folderState.peek().kind === 'shown')
      return
    const status = error instanceof ApiError ? error.status : -1
    folderState.value = { kind: 'failed', status, problem: explain(error) }
  }
}
