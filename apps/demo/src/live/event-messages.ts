import type { ContentUpload, Principal } from '@tusker/content'
import type { Departure } from './upload-poller.ts'
import { hasChanged } from './upload-poller.ts'

/** The uploads of one list, and how many more there are. */
export interface Visible {
  readonly uploads: ReadonlyMap<string, ContentUpload>
  /** Uploads that the list leaves out, because it is full. */
  readonly more: number
}

/** The messages of one user's list, in the format of server-sent events. */
export interface Messages {
  /** The whole list. A listener counts no more uploads until it hears of some. */
  all(visible: Visible): string
  /** The changes from one list to the next. Null if nothing has changed. */
  changes(before: Visible, now: Visible, departureOf: (id: string) => Departure): string | null
}

/** @param locate makes the URLs in the messages */
export function messagesFor(principal: Principal, locate: (path: string) => string): Messages {
  function described(upload: ContentUpload): object {
    const { location, state: _state, content: _content, ...facts } = upload
    const contextUrl = locate(location.slice(0, location.lastIndexOf('/@tus-upload/')))
    return {
      ...facts,
      url: locate(location),
      contextUrl,
      mine: upload.owner === principal.name,
      // The clock of a browser may be wrong, so the server computes the time since then.
      idleFor: Math.max(0, Date.now() - upload.updatedAt.getTime()),
    }
  }

  return {
    all({ uploads, more }) {
      const list = message('uploads', [...uploads.values()].map(described))
      return more === 0 ? list : list + message('more', { count: more })
    },
    changes(before, now, departureOf) {
      const changed = [...now.uploads.values()].filter((upload) => {
        const last = before.uploads.get(upload.id)
        return last === undefined || hasChanged(last, upload)
      })
      const gone = [...before.uploads.values()].filter(({ id }) => !now.uploads.has(id))
      const texts: string[] = []
      if (changed.length > 0 || gone.length > 0) {
        const left = gone.map(({ id, context }) => {
          const { how, content } = departureOf(id)
          return { id, context, how, location: content === null ? null : locate(content) }
        })
        texts.push(message('changes', { changed: changed.map(described), gone: left }))
      }
      if (before.more !== now.more) texts.push(message('more', { count: now.more }))
      return texts.length === 0 ? null : texts.join('')
    },
  }
}

function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
