import Uppy from '@uppy/core'
import Dashboard from '@uppy/dashboard'
import { pathOf } from '../route/address.ts'
import { titleOf } from '../tree/titles.ts'
import { send } from './actions.ts'
import { openFolder } from './destination.ts'

/** What is chosen has a name that can be changed, and a path when it came in a folder. */
type ChosenMeta = { name: string; relativePath?: string | null; [key: string]: unknown }

/**
 * Files are chosen, looked through and renamed here, and sent by the page's other Uppy: what is
 * still being chosen must not start with what is dropped, nor be mixed with what is on its way.
 */
const chooser = new Uppy<ChosenMeta, Record<string, never>>({ id: 'chooser' })
chooser.use(Dashboard<ChosenMeta, Record<string, never>>, {
  theme: 'auto',
  fileManagerSelectionType: 'both',
  proudlyDisplayPoweredByUppy: false,
  closeModalOnClickOutside: true,
  // It gives the focus back when its animation is over, and would take it from where one has gone.
  animateOpenClose: false,
  metaFields: [{ id: 'name', name: 'Name', placeholder: 'What it is to be called' }],
})
chooser.addUploader(handOver)
chooser.on('dashboard:modal-closed', () => chooser.cancelAll())

/** Opens Uppy's dashboard for the folder that is open. */
export function openDashboard(): void {
  const dashboard = chooser.getPlugin('Dashboard')
  const folder = titleOf(pathOf(openFolder.peek()?.folderPath ?? '/'))
  dashboard?.setOptions({ note: `They go to “${folder}”. Whole folders can be dropped here, too.` })
  void dashboard?.openModal()
  nameDialog()
}

/** Uppy gives its name to what is around its dialog, where no screen reader looks for it. */
function nameDialog(): void {
  const dialog = document.querySelector('.uppy-Dashboard--modal [role=dialog]')
  dialog?.setAttribute('aria-label', 'Choose files to upload')
  dialog?.setAttribute('aria-modal', 'true')
  dialog?.closest('.uppy-Dashboard--modal')?.removeAttribute('aria-label')
}

async function handOver(ids: string[]): Promise<void> {
  const chosen = chooser.getFilesByIds(ids)
  // The dashboard makes no difference between what is sent here and what was handed over.
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
