import { formatAmount, formatBytes, formatDuration, formatPercent } from './format.ts'
import type { ProgressEvent, RunningUpload } from './progress-event.ts'

/** Formats an event for people, as one line. */
export function formatLine(event: ProgressEvent): string {
  switch (event.kind) {
    case 'started':
      return `started    ${event.upload.name}${lengthOf(event.upload.length)}`
    case 'resumed':
    case 'paused': {
      const { name, offset, length } = event.upload
      const at = `${formatPercent(offset, length)}, ${formatAmount(offset, length)}`
      return `${event.kind.padEnd(10)} ${name} at ${at}`
    }
    case 'rejected':
      return `rejected   ${event.upload.name}`
    case 'completed':
      return `complete   ${completion(event)}`
    case 'removed':
      return `removed    ${event.id}, ${event.reason === 'expired' ? 'expired' : 'by the client'}`
    case 'failed':
      return `failed     ${event.id === null ? '' : `${event.id}: `}${printable(messageOf(event.error))}`
    case 'refused':
      return `refused    ${printable(`${event.method} ${event.path}`)}, ${event.status} ${event.code}`
    case 'listening':
      return `listening  ${event.url}`
    case 'stopping':
      return 'stopping   clients can resume later'
  }
}

function lengthOf(length: number | null): string {
  return length === null ? '' : `, ${formatBytes(length)}`
}

function completion({ upload, file, took }: Extract<ProgressEvent, { kind: 'completed' }>): string {
  const { name, offset } = upload
  const speed = took === null || took < 1 ? '' : `, ${formatBytes((offset * 1_000) / took)}/s`
  const time = took === null ? '' : ` in ${formatDuration(took)}${speed}`
  const savedAs = file === null || file === name ? '' : `, saved as ${file}`
  return `${name}, ${formatBytes(offset)}${time}${savedAs}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** A message can hold any character. A terminal would act on some of them. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
}

/** Formats the line of an upload that receives bytes. The name is last: a narrow terminal cuts it. */
export function formatProgressLine({ name, offset, length, speed }: RunningUpload): string {
  const left =
    length === null || speed === null || speed <= 0
      ? ''
      : formatDuration(((length - offset) / speed) * 1_000)
  return [
    formatPercent(offset, length).padStart(4),
    formatAmount(offset, length).padEnd(24),
    (speed === null ? '' : `${formatBytes(speed)}/s`).padStart(12),
    (left === '' ? '' : `${left} left`).padStart(13),
    ` ${name}`,
  ].join(' ')
}
