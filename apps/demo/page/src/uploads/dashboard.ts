import '@uppy/core/css/style.min.css'
import Dashboard from '@uppy/dashboard'
import '@uppy/dashboard/css/style.min.css'
import type { TusBody } from '@uppy/tus'
import { pathOf } from '../route/route.ts'
import { titleOf } from '../tree/titles.ts'
import { isUpload } from './rows.ts'
import { target } from './target.ts'
import type { UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'

/** Opens Uppy's dashboard for the folder that is open. */
export function openDashboard(): void {
  const dashboard = uppy.getPlugin('Dashboard') ?? install()
  const folder = titleOf(pathOf(target.peek()?.folderPath ?? '/'))
  dashboard?.setOptions({ note: `They go to “${folder}”. Whole folders can be dropped here, too.` })
  void dashboard?.openModal()
}

function install(): Dashboard<UploadMeta, TusBody> | undefined {
  uppy.use(Dashboard<UploadMeta, TusBody>, {
    theme: 'auto',
    fileManagerSelectionType: 'both',
    proudlyDisplayPoweredByUppy: false,
    closeModalOnClickOutside: true,
    // The tray shows what becomes of them, and tells of what went wrong.
    hidePauseResumeButton: true,
    hideRetryButton: true,
    disableInformer: true,
    metaFields: [{ id: 'name', name: 'Name', placeholder: 'What it is to be called' }],
  })
  const dashboard = uppy.getPlugin('Dashboard')
  // Uppy says so before it has taken the files up.
  uppy.on(
    'upload',
    () => void setTimeout(() => dashboard?.isModalOpen() === true && void dashboard.closeModal()),
  )
  // What was chosen and then not sent would be sent with the next file.
  uppy.on('dashboard:modal-closed', () =>
    uppy.removeFiles(
      uppy
        .getFiles()
        .filter((file) => !isUpload(file))
        .map(({ id }) => id),
    ),
  )
  return dashboard
}
