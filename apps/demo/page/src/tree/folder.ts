import type { Signal } from '@preact/signals'
import { effect, signal } from '@preact/signals'
import { readFolder } from '../api/content.ts'
import { ApiError, explain } from '../api/errors.ts'
import type { Folder } from '../api/types.ts'
import { streamState } from '../live/live.ts'
import { route } from '../route/route.ts'
import { onUserChange, session } from '../session/session.ts'
import { refresher } from '../ui/refresher.ts'
import { openFolder } from '../uploads/destination.ts'
import { lastChange } from './changes.ts'
import { forgetTitles, rememberTitles } from './titles.ts'
import { uniqueTitles } from './unique-titles.ts'

/** The open folder, as far as it is known. */
export type FolderState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'shown'; readonly path: readonly string[]; readonly folder: Folder }
  | { readonly kind: 'failed'; readonly status: number; readonly problem: string }

export const folderState: Signal<FolderState> = signal({ kind: 'loading' })

/** Milliseconds between two refreshes of a folder that keeps changing. */
const INTERVAL = 1_000

/** The read that is under way, or was last. */
let reading = { path: '', controller: new AbortController(), done: Promise.resolve() }

/** Shows the folder at the address, and refreshes it after changes. */
export function followFolder(): void {
  onUserChange(forgetFolder)
  effect(() => {
    if (session.value.kind !== 'in' || route.value.view !== 'folder') return
    void show(route.value.path)
  })
  const refresh = refresher(reloadFolder, INTERVAL)
  effect(() => {
    const change = lastChange.value
    const { view } = route.peek()
    if (change !== null && view === 'folder' && concerns(change.path)) refresh()
  })
  document.addEventListener('visibilitychange', () => document.hidden || refresh())
  // Changes made while the connection was lost were not reported.
  let wasLost = false
  effect(() => {
    if (streamState.value === 'lost') wasLost = true
    if (streamState.value !== 'open' || !wasLost) return
    wasLost = false
    refresh()
  })
}

/** The next user must not see this one's folder, not even while their own is being read. */
function forgetFolder(): void {
  reading.controller.abort()
  folderState.value = { kind: 'loading' }
  openFolder.value = null
  forgetTitles()
}

/** Reads the open folder again, after a read of it that is under way. */
export async function reloadFolder(): Promise<void> {
  const open = openPath()
  if (open !== null && open.join('/') === reading.path) await reading.done
  const path = openPath()
  if (path !== null) await show(path)
}

function openPath(): readonly string[] | null {
  const value = route.peek()
  return session.peek().kind === 'in' && value.view === 'folder' ? value.path : null
}

/** A folder shows its own items, so a change further down does not concern it. */
function concerns(changed: string): boolean {
  const value = route.peek()
  if (value.view !== 'folder') return false
  const here = `/${value.path.join('/')}`
  const slash = changed.lastIndexOf('/')
  return changed === here || (changed.slice(0, slash) || '/') === here
}

function show(path: readonly string[]): Promise<void> {
  reading.controller.abort()
  const controller = new AbortController()
  const done = read(path, controller.signal)
  reading = { path: path.join('/'), controller, done }
  return done
}

async function read(path: readonly string[], aborted: AbortSignal): Promise<void> {
  const before = folderState.peek()
  if (before.kind !== 'shown' || before.path.join('/') !== path.join('/')) {
    folderState.value = { kind: 'loading' }
    openFolder.value = null
  }
  try {
    const isFirst = folderState.peek().kind === 'loading'
    const found = await readFolder(path, aborted, (part) => {
      // A folder that is in sight already is not made shorter for a moment.
      if (isFirst && !aborted.aborted) shown(path, part)
    })
    if (!aborted.aborted) shown(path, found)
  } catch (error) {
    if (aborted.aborted) return
    // The folder stays in sight while the server cannot be reached.
    if (error instanceof ApiError && error.status === 0 && folderState.peek().kind === 'shown')
      return
    const status = error instanceof ApiError ? error.status : -1
    folderState.value = { kind: 'failed', status, problem: explain(error) }
  }
}

function shown(path: readonly string[], found: Folder): void {
  const folder = { ...found, items: uniqueTitles(found.items) }
  rememberTitles(path, folder)
  folderState.value = { kind: 'shown', path, folder }
  openFolder.value = {
    folderUrl: folder['@id'].replace(/\/$/, ''),
    folderPath: `/${path.join('/')}`,
  }
}
