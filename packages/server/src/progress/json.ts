import type { Notice } from './progress-event.ts'

/** The line that tells a program of a notice: an object of JSON. */
export function jsonOf(notice: Notice, time: Date): string {
  return JSON.stringify({ time: time.toISOString(), event: notice.kind, ...fieldsOf(notice) })
}

function fieldsOf(notice: Notice): object {
  switch (notice.kind) {
    case 'removed':
      return { id: notice.id, reason: notice.reason }
    case 'failed':
      return { id: notice.id, error: describe(notice.error) }
    case 'completed':
      return {
        ...notice.upload,
        ...(notice.file === null ? {} : { file: notice.file }),
        ...(notice.took === null ? {} : { ms: Math.round(notice.took) }),
      }
    case 'started':
    case 'resumed':
    case 'paused':
    case 'rejected':
      return notice.upload
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
