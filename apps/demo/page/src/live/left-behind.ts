import type { ReadonlySignal } from '@preact/signals'
import { computed } from '@preact/signals'
import type { LiveUpload } from '../api/types.ts'
import type { Row } from '../uploads/rows.ts'
import { rows } from '../uploads/rows.ts'
import { liveUploads } from './live.ts'

/** Milliseconds without a byte after which an upload is taken for left behind. */
const QUIET = 15_000

/** This user's uploads that nobody sends at present: of an earlier visit, most likely. */
export const leftBehind: ReadonlySignal<readonly LiveUpload[]> = computed(() =>
  liveUploads.value.filter(
    (upload) => upload.mine && !isHere(upload, rows.value) && isQuiet(upload),
  ),
)

/** Whether it is this page that sends it. */
export function isHere(upload: LiveUpload, here: readonly Row[]): boolean {
  const url = absolute(upload.url)
  return here.some(({ uploadUrl }) => uploadUrl !== null && absolute(uploadUrl) === url)
}

function isQuiet({ touchedAt }: LiveUpload): boolean {
  return Date.now() - Date.parse(touchedAt) > QUIET
}

function absolute(url: string): string {
  return new URL(url, document.baseURI).href
}
