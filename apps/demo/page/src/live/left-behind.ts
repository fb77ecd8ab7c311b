import type { ReadonlySignal } from '@preact/signals'
import { computed, effect, signal } from '@preact/signals'
import type { LiveUpload } from '../api/types.ts'
import type { Row } from '../uploads/rows.ts'
import { rows } from '../uploads/rows.ts'
import type { HeardUpload } from './live.ts'
import { liveUploads } from './live.ts'

/** Milliseconds without a byte after which an upload is taken for left behind. */
const QUIET = 5_000

/** Milliseconds between two looks whether something has become quiet. */
const LOOK = 2_000

const now = signal(performance.now())

/** This user's uploads that nobody sends at present: of an earlier visit, most likely. */
export const leftBehind: ReadonlySignal<readonly HeardUpload[]> = computed(() =>
  liveUploads.value.filter(
    (upload) => upload.mine && !isHere(upload, rows.value) && isQuiet(upload),
  ),
)

/** Whether it is this page that sends it. */
export function isHere(upload: LiveUpload, here: readonly Row[]): boolean {
  const url = absolute(upload.url)
  return here.some(({ uploadUrl }) => uploadUrl !== null && absolute(uploadUrl) === url)
}

/** Whether nothing has come of it for a while: whoever sends it would be disturbed. */
export function isQuiet({ lastByteAt }: HeardUpload): boolean {
  return now.value - lastByteAt > QUIET
}

/** Lets time pass while there is anything that may become quiet. */
export function followQuiet(): void {
  let timer: ReturnType<typeof setInterval> | undefined
  effect(() => {
    clearInterval(timer)
    if (liveUploads.value.some(({ mine }) => mine))
      timer = setInterval(() => (now.value = performance.now()), LOOK)
  })
}

function absolute(url: string): string {
  return new URL(url, document.baseURI).href
}
