import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { LiveUpload } from '../api/types.ts'
import { deleteUpload } from '../api/uploads.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { notify } from '../ui/messages.ts'
import { LiveRow } from './live-row.tsx'
import { liveUploads, unlistedUploads } from './live.ts'

/** All unfinished uploads that the user may see, with their progress, owner, and destination. */
export function LivePage(): JSX.Element {
  useKeptFocus()
  const uploads = liveUploads.value
  const more = unlistedUploads.value
  const [cancelling, setCancelling] = useState<LiveUpload | null>(null)
  useEffect(() => {
    document.title = 'Unfinished uploads – Tusker'
  }, [])
  return (
    <div class="live">
      <div class="folder-head">
        <h1 tabIndex={-1}>Unfinished uploads</h1>
      </div>
      {uploads.length === 0 ? (
        <div class="empty">
          <Icon name="moving" />
          <h2>No uploads in progress</h2>
          <p>Your unfinished uploads appear here, and those of others in folders you manage.</p>
        </div>
      ) : (
        <ul class="live-list">
          {uploads.map((upload) => (
            <LiveRow key={upload.id} upload={upload} onCancel={() => setCancelling(upload)} />
          ))}
        </ul>
      )}
      {more === 0 ? null : <p class="live-more">and {more.toLocaleString()} more</p>}
      {cancelling === null ? null : (
        <CancelUpload upload={cancelling} onClose={() => setCancelling(null)} />
      )}
    </div>
  )
}

function CancelUpload({
  upload,
  onClose,
}: {
  readonly upload: LiveUpload
  readonly onClose: () => void
}): JSX.Element {
  const name = upload.fileName ?? 'Unnamed file'
  const isOthers = !upload.mine && upload.owner !== null
  return (
    <Confirm
      title="Cancel this upload?"
      action="Cancel upload"
      dismiss="Keep uploading"
      onClose={onClose}
      onConfirm={async () => {
        await deleteUpload(upload.url)
        notify(`Upload of “${name}” cancelled.`)
      }}
    >
      <p>
        {isOthers ? `“${name}” is being uploaded by ${upload.owner}.` : `“${name}” is yours.`} The
        data uploaded so far will be deleted.
      </p>
    </Confirm>
  )
}
