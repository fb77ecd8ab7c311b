import type { ReadonlySignal, Signal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import type { GoneUpload, LiveUpload } from '../api/types.ts'
import { renewSession, session } from '../session/session.ts'
import { folderChanged } from '../tree/changes.ts'

/** An upload as it was last heard of. */
export interface HeardUpload extends LiveUpload {
  /** When something last came of it, on the clock of `performance.now()`. */
  readonly lastByteAt: number
}

const byId: Signal<ReadonlyMap<string, HeardUpload>> = signal(new Map())

/** All unfinished uploads this user may know of, the newest first. */
export const liveUploads: ReadonlySignal<readonly HeardUpload[]> = computed(() =>
  [...byId.value.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
)

/** `idle` while nobody looks or nobody is signed in. */
export type Link = 'idle' | 'connecting' | 'open' | 'lost'

export const link: Signal<Link> = signal('idle')

/** Milliseconds until the server is tried again where the browser has given up. */
const AGAIN = 2_000

let source: EventSource | null = null
let again: ReturnType<typeof setTimeout> | undefined

/** Follows the server's list while the page is looked at. */
export function followLive(): void {
  effect(() => {
    if (session.value.kind === 'in') open()
    else close()
  })
  // A connection that nobody looks at is one less for uploads.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close()
    else if (session.value.kind === 'in') open()
  })
  addEventListener('online', () => source === null || open())
}

function open(): void {
  close()
  if (document.hidden) return
  link.value = 'connecting'
  source = new EventSource('uploads/events')
  source.addEventListener('open', () => (link.value = 'open'))
  source.addEventListener('uploads', ({ data }) => {
    const uploads = JSON.parse(data as string) as readonly LiveUpload[]
    byId.value = new Map(uploads.map((upload) => [upload.id, heard(upload)]))
  })
  source.addEventListener('changes', ({ data }) => change(JSON.parse(data as string) as Changes))
  source.addEventListener('error', lose)
}

function close(): void {
  clearTimeout(again)
  source?.close()
  source = null
  link.value = 'idle'
}

/** Browsers try again by themselves after a lost connection, but not after an answer that refuses. */
function lose(): void {
  if (source === null) return
  link.value = 'lost'
  if (source.readyState !== EventSource.CLOSED) return
  source.close()
  again = setTimeout(() => {
    void renewSession()
    if (session.peek().kind === 'in') open()
  }, AGAIN)
}

function heard(upload: LiveUpload): HeardUpload {
  return { ...upload, lastByteAt: performance.now() - upload.idleFor }
}

interface Changes {
  readonly changed: readonly LiveUpload[]
  readonly gone: readonly GoneUpload[]
}

function change({ changed, gone }: Changes): void {
  const next = new Map(byId.peek())
  for (const upload of changed) next.set(upload.id, heard(upload))
  for (const { id, how, context } of gone) {
    next.delete(id)
    if (how === 'completed') folderChanged(context)
  }
  byId.value = next
}
