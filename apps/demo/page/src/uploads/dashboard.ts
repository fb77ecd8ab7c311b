import Uppy from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import { pathOf } from '../route/address.ts'
import { titleOf } from '../tree/titles.ts'
import { send } from './actions.ts'
import { openFolder } from './destination.ts'

/** A chosen file has a name that the user can change, and a path if it was chosen with its folder. */
type ChosenMeta = { name: string; relativePath?: string | null; [key: string]: unknown }

/**
 * The Uppy for choosing files. The page's other Uppy uploads them: files that the user is still
 * choosing must not start together with dropped ones, nor appear among the uploads.
 */
const chooser = new Uppy<ChosenMeta, Record<string, never>>({ id: 'chooser' })
chooser.use(Dashboard<ChosenMeta, Record<string, never>>, {
  theme: 'auto',
  fileManagerSelectionType: 'both',
  proudlyDisplayPoweredByUppy: false,
  closeModalOnClickOutside: true,
  // It returns the focus after its animation, when the user may have moved it elsewhere.
  animateOpenClose: false,
  metaFields: [{ id: 'name', name: 'File name', placeholder: 'File name' }],
})
chooser.addUploader(handOver)
chooser.on('dashboard:modal-closed', () => chooser.cancelAll())

/** Opens Uppy's dashboard for the folder that is open. */
export function openDashboard(): void {
  const dashboard = chooser.getPlugin('Dashboard')
  const folder = titleOf(pathOf(openFolder.peek()?.folderPath ?? '/'))
  dashboard?.setOptions({ note: `Uploading to “${folder}”. You can also drop folders.` })
  void dashboard?.openModal()
  nameDialog()
}

/** Uppy labels an element around its dialog, where screen readers do not look. */
function nameDialog(): void {
  const dialog = document.querySelector('.uppy-Dashboard--modal [role=dialog]')
  dialog?.setAttribute('aria-label', 'Choose files to upload')
  dialog?.setAttribute('aria-modal', 'true')
  dialog?.closest('.uppy-Dashboard--modal')?.removeAttribute('aria-label')
}

async function handOver(ids: string[]): Promise<void> {
  const chosen = chooser.getFilesByIds(ids)
  // The dashboard cannot tell files that it uploads from files that were handed over.
  void chooser.getPlugin('Dashboard')?.closeModal()
  send(chosen.flatMap(({ data, meta }) => (data instanceof File ? [additionOf(data, meta)] : [])))
}

function additionOf(
  file: File,
  { name, relativePath }: ChosenMeta,
): Parameters<typeof send>[0][number] {
  const where = openFolder.peek() ?? {}
  return {
    file,
    meta: {
      ...where,
      name: name.trim() || file.name,
      ...(typeof relativePath === 'string' && { relativePath }),
    },
  }
}
