import type { ProgressEvent } from './progress-event.ts'

/** Formats an event for programs: one JSON object without a line break. */
export function formatJson(event: ProgressEvent, time: Date): string {
  return JSON.stringify({ time: time.toISOString(), event: event.kind, ...fieldsOf(event) })
}

function fieldsOf(event: ProgressEvent): object {
  switch (event.kind) {
    case 'removed':
      return { id: event.id, reason: event.reason }
    case 'failed':
      return { id: event.id, error: describeError(event.error) }
    case 'completed':
      return {
        ...event.upload,
        ...(event.file === null ? {} : { file: event.file }),
        ...(event.took === null ? {} : { ms: Math.round(event.took) }),
      }
    case 'started':
    case 'resumed':
    case 'paused':
    case 'rejected':
      return event.upload
    case 'refused':
      return {
        method: event.method,
        path: event.path,
        status: event.status,
        code: event.code,
      }
    case 'listening':
      return { url: event.url }
    case 'stopping':
      return {}
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
