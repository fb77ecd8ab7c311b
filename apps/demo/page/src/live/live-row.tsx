import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import type { LiveUpload } from '../api/types.ts'
import { folderHref, pathOf } from '../route/address.ts'
import { learnTitle, titleOf } from '../tree/titles.ts'
import { when } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { resumeFromFile } from '../uploads/resume-from-file.ts'
import { rows } from '../uploads/rows.ts'
import { liveText } from './live-text.ts'
import type { ReportedUpload } from './live.ts'
import { idleTime, isStalled, rowOf } from './stalled.ts'

/** One unfinished upload. */
export function LiveRow({
  upload,
  onCancel,
}: {
  readonly upload: ReportedUpload
  readonly onCancel: () => void
}): JSX.Element {
  const name = upload.fileName ?? 'Unnamed file'
  const row = rowOf(upload, rows.value)
  const owner = upload.mine ? 'You' : (upload.owner ?? 'Unknown user')
  const idle = idleTime(upload)
  // This page knows sooner than the server what it has sent.
  const offset = row?.sent ?? upload.offset
  const speed = row?.speed ?? upload.speed.at(performance.now())
  return (
    <li class="live-row" data-upload={upload.id}>
      <div class="live-text">
        <p class="live-name">{name}</p>
        <p class="live-facts">
          <span class={`owner ${upload.mine ? 'mine' : ''}`}>
            <Icon name="user" />
            {owner}
            {row === null ? '' : ', on this page'}
          </span>
          <Place upload={upload} />
          <span>started {when(upload.createdAt)}</span>
          {upload.expiresAt === null ? null : <span>expires {when(upload.expiresAt)}</span>}
        </p>
      </div>
      <div class="live-progress">
        <p>{liveText({ offset, length: upload.length, speed, idle })}</p>
        <Progress
          label={upload.mine ? `Your upload of ${name}` : `Upload of ${name} by ${owner}`}
          part={offset}
          whole={upload.length ?? 0}
        />
      </div>
      <div class="live-actions">
        {upload.mine && row === null && isStalled(upload) ? (
          <button
            type="button"
            class="button small"
            onClick={() => void resumeFromFile(upload)}
            aria-label={`Resume the upload of ${name}`}
          >
            <Icon name="play" />
            Resume…
          </button>
        ) : null}
        <button
          type="button"
          class="button small danger"
          onClick={onCancel}
          aria-label={`Cancel the upload of ${name}`}
        >
          Cancel
        </button>
      </div>
    </li>
  )
}

/** The folder that it goes to, or the file that it replaces. */
function Place({ upload }: { readonly upload: LiveUpload }): JSX.Element {
  const path = pathOf(upload.context)
  const isReplacing = upload.mode === 'replace'
  useEffect(() => {
    for (let depth = 1; depth <= path.length; depth++) learnTitle(path.slice(0, depth))
  }, [upload.context])
  const text = path.map((_, depth) => titleOf(path.slice(0, depth + 1))).join(' / ') || 'Files'
  return (
    <span>
      {isReplacing ? 'replaces ' : 'to '}
      <a href={folderHref(isReplacing ? path.slice(0, -1) : path)}>{text}</a>
    </span>
  )
}
