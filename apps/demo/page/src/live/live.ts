import type { ReadonlySignal, Signal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import type { GoneUpload, LiveUpload } from '../api/types.ts'
import { onUserChange, renewSession, session } from '../session/session.ts'
import { folderChanged } from '../tree/changes.ts'
import type { SpeedMeter } from '../uploads/speed.ts'
import { speedMeter } from '../uploads/speed.ts'

/** An upload as the server last reported it. */
export interface ReportedUpload extends LiveUpload {
  /** When its last byte arrived, on the clock of `performance.now()`. */
  readonly lastByteAt: number
  readonly speed: SpeedMeter
}

const byId: Signal<ReadonlyMap<string, ReportedUpload>> = signal(new Map())

/** All unfinished uploads that the user may see, the newest first. */
export const liveUploads: ReadonlySignal<readonly ReportedUpload[]> = computed(() =>
  [...byId.value.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1)),
)

const more = signal(0)

/** How many uploads the server leaves out of its list, because it is too long. */
export const unlistedUploads: ReadonlySignal<number> = more

/** `idle` while the page is hidden or the user is signed out. */
export type StreamState = 'idle' | 'connecting' | 'open' | 'lost'

/** The state of the stream of events from the server. */
export const streamState: Signal<StreamState> = signal('idle')

/** Milliseconds until the page connects again where the browser does not. */
const RETRY = 2_000

let source: EventSource | null = null
let retry: ReturnType<typeof setTimeout> | undefined

/** Follows the server's list of uploads while the page is visible. */
export function followLive(): void {
  onUserChange(() => {
    byId.value = new Map()
    more.value = 0
  })
  effect(() => {
    if (session.value.kind === 'in') open()
    else close()
  })
  // A hidden page leaves the connection to the uploads.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close()
    else if (session.value.kind === 'in') open()
  })
  addEventListener('online', () => source === null || open())
}

function open(): void {
  close()
  if (document.hidden) return
  streamState.value = 'connecting'
  source = new EventSource('uploads/events')
  source.addEventListener('open', () => (streamState.value = 'open'))
  source.addEventListener('uploads', ({ data }) => {
    const uploads = JSON.parse(data as string) as readonly LiveUpload[]
    byId.value = new Map(uploads.map((upload) => [upload.id, reported(upload)]))
    more.value = 0
  })
  source.addEventListener('more', ({ data }) => {
    more.value = (JSON.parse(data as string) as { readonly count: number }).count
  })
  source.addEventListener('changes', ({ data }) => change(JSON.parse(data as string) as Changes))
  source.addEventListener('error', lose)
}

function close(): void {
  clearTimeout(retry)
  source?.close()
  source = null
  streamState.value = 'idle'
}

/** Browsers connect again after a lost connection, but not after an error response. */
function lose(): void {
  if (source === null) return
  streamState.value = 'lost'
  if (source.readyState !== EventSource.CLOSED) return
  source.close()
  retry = setTimeout(() => {
    void renewSession()
    if (session.peek().kind === 'in') open()
  }, RETRY)
}

function reported(upload: LiveUpload): ReportedUpload {
  const now = performance.now()
  const speed = byId.peek().get(upload.id)?.speed ?? speedMeter()
  speed.note(upload.offset, now - upload.idleFor)
  return { ...upload, lastByteAt: now - upload.idleFor, speed }
}

interface Changes {
  readonly changed: readonly LiveUpload[]
  readonly gone: readonly GoneUpload[]
}

function change({ changed, gone }: Changes): void {
  const next = new Map(byId.peek())
  for (const upload of changed) next.set(upload.id, reported(upload))
  for (const { id, how, context } of gone) {
    next.delete(id)
    if (how === 'completed') folderChanged(context)
  }
  byId.value = next
}
