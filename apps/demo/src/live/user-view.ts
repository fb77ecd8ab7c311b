import type { ContentServer, ContentUpload, Principal } from '@tusker/content'
import type { Messages, Visible } from './event-messages.ts'
import type { UploadWatch } from './upload-poller.ts'

type Uploads = ReadonlyMap<string, ContentUpload>

/** What one user sees of the unfinished uploads. All listeners of the user share it and its messages. */
export interface UserView {
  /**
   * The next message for a listener that has seen `version`: the changes since then, or the whole list. Null
   * if it has seen the newest version, and before the first poll.
   */
  next(version: number): Promise<{ version: number; bytes: Uint8Array } | null>
}

/** The version of a listener that has seen nothing. */
export const UNSEEN = 0

/** The most uploads in one list. */
const LISTED = 500
/** Milliseconds for which listeners share the text of the whole list. It says how long uploads are idle. */
const FRESH = 1_000

export function userView(
  principal: Principal,
  content: Pick<ContentServer, 'maySee'>,
  messages: Messages,
  watch: Pick<UploadWatch, 'unfinished' | 'departureOf'>,
): UserView {
  let version = UNSEEN
  let source: Uploads | null = null
  let visible: Visible = { uploads: new Map(), more: 0 }
  let changes: Uint8Array | null = null
  let whole: { version: number; at: number; bytes: Uint8Array } | null = null
  let working: Promise<void> | null = null

  async function update(uploads: Uploads): Promise<void> {
    const now = await visibleOf(uploads, principal, content)
    const text = messages.changes(visible, now, (id) => watch.departureOf(id))
    if (text !== null || version === UNSEEN) {
      version += 1
      changes = Buffer.from(text ?? '')
    }
    visible = now
    source = uploads
  }

  function wholeList(): Uint8Array {
    if (whole?.version !== version || performance.now() - whole.at > FRESH) {
      whole = { version, at: performance.now(), bytes: Buffer.from(messages.all(visible)) }
    }
    return whole.bytes
  }

  return {
    async next(seen) {
      const uploads = watch.unfinished()
      if (uploads === null) return null
      if (source !== uploads) {
        working ??= update(uploads).finally(() => (working = null))
        await working
      }
      if (seen === version) return null
      const isNext = seen !== UNSEEN && seen === version - 1 && changes !== null
      return { version, bytes: isNext && changes !== null ? changes : wholeList() }
    },
  }
}

async function visibleOf(
  uploads: Uploads,
  principal: Principal,
  content: Pick<ContentServer, 'maySee'>,
): Promise<Visible> {
  // Uploads of others are visible or not by their context, and many have the same.
  const byContext = new Map<string, boolean>()

  async function isVisible(upload: ContentUpload): Promise<boolean> {
    if (upload.owner === principal.name) return content.maySee(principal, upload)
    const known = byContext.get(upload.context)
    if (known !== undefined) return known
    const may = await content.maySee(principal, upload)
    byContext.set(upload.context, may)
    return may
  }

  const isMine = ({ owner }: ContentUpload): number => (owner === principal.name ? 0 : 1)
  // The user's own uploads come first, then the oldest. New uploads of other users displace none of them.
  const ordered = [...uploads].sort(
    ([, one], [, other]) =>
      isMine(one) - isMine(other) || one.createdAt.getTime() - other.createdAt.getTime(),
  )
  const listed = new Map<string, ContentUpload>()
  let more = 0
  for (const [id, upload] of ordered) {
    if (!(await isVisible(upload))) continue
    if (listed.size < LISTED) listed.set(id, upload)
    else more += 1
  }
  return { uploads: listed, more }
}
