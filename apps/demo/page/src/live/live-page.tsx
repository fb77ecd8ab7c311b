import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { endUpload } from '../api/uploads.ts'
import type { LiveUpload } from '../api/types.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { announce } from '../ui/messages.ts'
import { liveUploads } from './live.ts'
import { LiveRow } from './live-row.tsx'

/** All unfinished uploads this user may know of: how far they are, whose, and a way to end them. */
export function LivePage(): JSX.Element {
  useKeptFocus()
  const uploads = liveUploads.value
  const [ending, setEnding] = useState<LiveUpload | null>(null)
  useEffect(() => {
    document.title = 'Unfinished uploads – Tusker'
  }, [])
  return (
    <div class="live">
      <div class="folder-head">
        <h1>Unfinished uploads</h1>
      </div>
      {uploads.length === 0 ? (
        <div class="empty">
          <Icon name="moving" />
          <h2>Nothing is on its way</h2>
          <p>
            Uploads of yours, and those into places that you look after, are shown here while they
            last.
          </p>
        </div>
      ) : (
        <ul class="live-list">
          {uploads.map((upload) => (
            <LiveRow key={upload.id} upload={upload} onEnd={() => setEnding(upload)} />
          ))}
        </ul>
      )}
      {ending === null ? null : <End upload={ending} onClose={() => setEnding(null)} />}
    </div>
  )
}

function End({
  upload,
  onClose,
}: {
  readonly upload: LiveUpload
  readonly onClose: () => void
}): JSX.Element {
  const name = upload.fileName ?? 'This upload'
  return (
    <Confirm
      title="End this upload?"
      action="End it"
      onClose={onClose}
      onConfirm={async () => {
        await endUpload(upload.url)
        announce(`The upload of ${name} is ended.`)
      }}
    >
      <p>
        <b>{name}</b>{' '}
        {upload.mine ? 'is yours' : `is being uploaded by ${upload.owner ?? 'somebody'}`}. What has
        arrived of it will be thrown away.
      </p>
    </Confirm>
  )
}
