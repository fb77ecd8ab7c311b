import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { addFolder, nameOf } from '../api/content.ts'
import { explain } from '../api/errors.ts'
import type { Folder } from '../api/types.ts'
import { Dialog } from '../ui/dialog.tsx'
import { formText } from '../ui/form-text.ts'
import { notify } from '../ui/messages.ts'
import { folderChanged } from './changes.ts'

/** Asks for the name of a new folder, and creates it. */
export function NewFolder(props: {
  readonly folder: Folder
  readonly path: readonly string[]
  readonly onClose: () => void
}): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  async function submit(form: HTMLFormElement): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      const title = formText(form, 'title').trim()
      const existing = props.folder.items.find((item) => nameOf(item) === title)
      if (existing !== undefined) {
        const kind = existing.is_folderish ? 'folder' : 'file'
        setProblem(`A ${kind} named “${title}” already exists.`)
        setBusy(false)
        return
      }
      const item = await addFolder(props.folder['@id'], title)
      notify(`Folder “${nameOf(item)}” created.`)
      folderChanged(`/${props.path.join('/')}`)
      props.onClose()
    } catch (error) {
      setProblem(explain(error))
      setBusy(false)
    }
  }

  return (
    <Dialog title="New folder" onClose={props.onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit(event.currentTarget)
        }}
      >
        <label>
          Name
          <input
            name="title"
            required
            pattern=".*\S.*"
            maxLength={200}
            autocomplete="off"
            autofocus
            aria-describedby="new-folder-problem"
          />
        </label>
        <p id="new-folder-problem" class="problem" role="alert">
          {problem}
        </p>
        <div class="buttons">
          <button type="button" class="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={busy}>
            Create
          </button>
        </div>
      </form>
    </Dialog>
  )
}
