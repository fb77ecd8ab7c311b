import type { ContentUpload, Principal } from '@tusker/content'
import type { Departure } from './upload-poller.ts'
import { hasChanged } from './upload-poller.ts'

/** The messages for one listener. It remembers what it has sent, to send only changes. */
export interface News {
  /** The next message: all uploads at first, then the changes. Null if nothing has changed. */
  next(
    uploads: ReadonlyMap<string, ContentUpload>,
    principal: Principal,
    departureOf: (id: string) => Departure,
  ): string | null
}

/** Messages in the format of server-sent events. `locate` makes the URLs in them. */
export function newsFor(locate: (path: string) => string): News {
  let known: ReadonlyMap<string, ContentUpload> | null = null

  function described(upload: ContentUpload, principal: Principal): object {
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
    next(uploads, principal, departureOf) {
      const before = known
      known = uploads
      const all = [...uploads.values()]
      if (before === null)
        return message(
          'uploads',
          all.map((each) => described(each, principal)),
        )

      const changed = all.filter((upload) => {
        const last = before.get(upload.id)
        return last === undefined || hasChanged(last, upload)
      })
      const gone = [...before.values()].filter(({ id }) => !uploads.has(id))
      if (changed.length === 0 && gone.length === 0) return null
      return message('changes', {
        changed: changed.map((each) => described(each, principal)),
        gone: gone.map(({ id, context }) => {
          const { how, content } = departureOf(id)
          return { id, context, how, location: content === null ? null : locate(content) }
        }),
      })
    },
  }
}

function message(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
