import { amount, bytes, duration, percent } from './format.ts'
import type { Notice, Running } from './progress-event.ts'

/** The line that tells people of a notice. */
export function lineOf(notice: Notice): string {
  switch (notice.kind) {
    case 'started':
      return `started    ${notice.upload.name}${ofLength(notice.upload.length)}`
    case 'resumed':
    case 'paused': {
      const { name, offset, length } = notice.upload
      const at = `${percent(offset, length)}, ${amount(offset, length)}`
      return `${notice.kind.padEnd(10)} ${name} at ${at}`
    }
    case 'rejected':
      return `rejected   ${notice.upload.name}`
    case 'completed':
      return `complete   ${completed(notice)}`
    case 'removed':
      return `removed    ${notice.id}, ${notice.reason === 'expired' ? 'left for too long' : 'as asked'}`
    case 'failed':
      return `failed     ${notice.id === null ? '' : `${notice.id}: `}${printable(notice.error)}`
  }
}

function ofLength(length: number | null): string {
  return length === null ? '' : `, ${bytes(length)}`
}

function completed({ upload, file, took }: Extract<Notice, { kind: 'completed' }>): string {
  const { name, offset } = upload
  const speed = took === null || took < 1 ? '' : `, ${bytes((offset * 1_000) / took)}/s`
  const time = took === null ? '' : ` in ${duration(took)}${speed}`
  return `${name}, ${bytes(offset)}${time}${file === null || file === name ? '' : `, as ${file}`}`
}

/** Messages may hold anything. On a terminal that could be a command. */
function printable(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
}

/** The line of an upload to which bytes come. The name is last: a narrow terminal cuts it. */
export function progressLine({ name, offset, length, speed }: Running): string {
  const left =
    length === null || speed === null || speed <= 0
      ? ''
      : duration(((length - offset) / speed) * 1_000)
  return [
    percent(offset, length).padStart(4),
    amount(offset, length).padEnd(24),
    (speed === null ? '' : `${bytes(speed)}/s`).padStart(12),
    (left === '' ? '' : `${left} left`).padStart(13),
    ` ${name}`,
  ].join(' ')
}
