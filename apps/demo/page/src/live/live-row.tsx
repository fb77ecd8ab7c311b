import type { JSX } from 'preact'
import type { LiveUpload } from '../api/types.ts'
import { folderHref, pathOf } from '../route/address.ts'
import { goOn } from '../uploads/go-on.ts'
import { rows } from '../uploads/rows.ts'
import { bytes, percent, when } from '../ui/format.ts'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { isHere, isQuiet } from './left-behind.ts'
import type { HeardUpload } from './live.ts'

/** One unfinished upload. */
export function LiveRow({
  upload,
  onEnd,
}: {
  readonly upload: HeardUpload
  readonly onEnd: () => void
}): JSX.Element {
  const name = upload.fileName ?? 'Unnamed file'
  const here = isHere(upload, rows.value)
  return (
    <li class="live-row" data-upload={upload.id}>
      <div class="live-text">
        <p class="live-name">{name}</p>
        <p class="live-facts">
          <span class={`owner ${upload.mine ? 'mine' : ''}`}>
            <Icon name="user" />
            {upload.mine ? 'You' : (upload.owner ?? 'Somebody')}
            {here ? ', on this page' : ''}
          </span>
          <Place upload={upload} />
          <span>since {when(upload.createdAt)}</span>
          {upload.expiresAt === null ? null : <span>kept until {when(upload.expiresAt)}</span>}
        </p>
      </div>
      <div class="live-progress">
        <p>{amount(upload)}</p>
        <Progress
          label={`${name}, of ${upload.mine ? 'yours' : (upload.owner ?? 'somebody')}`}
          part={upload.offset}
          whole={upload.length ?? 0}
        />
      </div>
      <div class="live-actions">
        {upload.mine && !here && isQuiet(upload) ? (
          <button
            type="button"
            class="button small"
            onClick={() => void goOn(upload)}
            aria-label={`Choose ${name} again to go on`}
          >
            <Icon name="play" />
            Go on…
          </button>
        ) : null}
        <button
          type="button"
          class="button small danger"
          onClick={onEnd}
          aria-label={`End the upload of ${name}`}
        >
          End
        </button>
      </div>
    </li>
  )
}

function Place({ upload }: { readonly upload: LiveUpload }): JSX.Element {
  const path = pathOf(upload.context)
  if (upload.mode === 'replace') {
    return (
      <span>
        replaces <a href={folderHref(path.slice(0, -1))}>{path.join(' / ')}</a>
      </span>
    )
  }
  return (
    <span>
      to <a href={folderHref(path)}>{path.length === 0 ? 'Files' : path.join(' / ')}</a>
    </span>
  )
}

function amount({ offset, length }: LiveUpload): string {
  if (length === null) return `${bytes(offset)} so far`
  return `${percent(offset, length)} % · ${bytes(offset)} of ${bytes(length)}`
}
