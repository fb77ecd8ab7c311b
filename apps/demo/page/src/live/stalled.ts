import type { ReadonlySignal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import type { LiveUpload } from '../api/types.ts'
import type { Row } from '../uploads/rows.ts'
import { rows } from '../uploads/rows.ts'
import type { ReportedUpload } from './live.ts'
import { liveUploads } from './live.ts'

/** Milliseconds without a byte after which an upload is stalled. */
const STALL = 5_000

/** Milliseconds between two updates of the time. */
const INTERVAL = 2_000

const now = signal(performance.now())

/** The user's uploads that no page is sending: most likely those of an earlier visit. */
export const stalledUploads: ReadonlySignal<readonly ReportedUpload[]> = computed(() =>
  liveUploads.value.filter(
    (upload) => upload.mine && rowOf(upload, rows.value) === null && isStalled(upload),
  ),
)

/** The row of an upload that this page is sending; null for all others. */
export function rowOf(upload: LiveUpload, here: readonly Row[]): Row | null {
  const url = absolute(upload.url)
  return here.find(({ uploadUrl }) => uploadUrl !== null && absolute(uploadUrl) === url) ?? null
}

/** Whether no byte arrived for some seconds. Only then can another page resume it undisturbed. */
export function isStalled(upload: ReportedUpload): boolean {
  return idleTime(upload) > STALL
}

/** Milliseconds since the last byte arrived. */
export function idleTime({ lastByteAt }: ReportedUpload): number {
  return Math.max(0, now.value - lastByteAt)
}

/** Updates the time while there are uploads. */
export function followStalled(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  effect(() => {
    clearInterval(timer)
    if (liveUploads.value.length > 0)
      timer = setInterval(() => (now.value = performance.now()), INTERVAL)
  })
}

function absolute(url: string): string {
  return new URL(url, document.baseURI).href
}
