import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { nameOf } from '../api/content.ts'
import { folderHref } from '../route/address.ts'
import { route } from '../route/route.ts'
import { Icon } from '../ui/icon.tsx'
import { Breadcrumb } from './breadcrumb.tsx'
import type { FolderDialog } from './dialogs.tsx'
import { FolderDialogs } from './dialogs.tsx'
import { DropZone } from './drop-zone.tsx'
import { EmptyFolder } from './empty-folder.tsx'
import { folderState, reloadFolder } from './folder.ts'
import { Grid } from './grid.tsx'
import type { ListProps } from './list-props.ts'
import { Table } from './table.tsx'
import { Toolbar } from './toolbar.tsx'
import { view } from './view.ts'

/** The page of the open folder: its path, its items, and the actions on it. */
export function FolderPage(): JSX.Element {
  const state = folderState.value
  const { value } = route
  const path = value.view === 'folder' ? value.path : []
  const [dialog, open] = useState<FolderDialog | null>(null)
  useEffect(() => open(null), [path.join('/')])
  useEffect(() => {
    const name = state.kind === 'shown' && path.length > 0 ? nameOf(state.folder) : 'Files'
    document.title = `${name} – Tusker`
  }, [state])

  if (state.kind === 'failed')
    return <FolderError path={path} problem={state.problem} status={state.status} />
  const folder = state.kind === 'shown' ? state.folder : null
  const mayAdd = folder?.rights.includes('add') ?? false
  return (
    <DropZone folder={folder} path={path}>
      <div class="folder-head">
        <Breadcrumb path={path} />
        {folder === null ? null : (
          <Toolbar mayAdd={mayAdd} onNewFolder={() => open({ kind: 'new_folder' })} />
        )}
      </div>
      {folder === null ? (
        <p class="loading" role="status">
          Loading…
        </p>
      ) : (
        <Contents folder={folder} path={path} open={open} />
      )}
      <FolderDialogs dialog={dialog} folder={folder} path={path} open={open} />
    </DropZone>
  )
}

function Contents({ folder, path, open }: ListProps): JSX.Element {
  if (!folder.is_folderish)
    return (
      <p class="loading">
        This is a file.{' '}
        <a href={folder['@id']} download>
          Download it
        </a>
      </p>
    )
  if (folder.items.length === 0) return <EmptyFolder mayAdd={folder.rights.includes('add')} />
  return view.value === 'grid' ? (
    <Grid folder={folder} path={path} open={open} />
  ) : (
    <Table folder={folder} path={path} open={open} />
  )
}

function FolderError(props: {
  readonly path: readonly string[]
  readonly problem: string
  readonly status: number
}): JSX.Element {
  const isGone = props.status === 404
  return (
    <div class="not-shown">
      <div class="empty">
        <Icon name="warning" />
        <h1 tabIndex={-1}>{isGone ? 'Folder not found' : "Can't open this folder"}</h1>
        <p role="alert">
          {isGone ? 'It may have been deleted, or the address is wrong.' : props.problem}
        </p>
        <p>
          <button type="button" class="button" onClick={() => void reloadFolder()}>
            Try again
          </button>{' '}
          {props.path.length > 0 ? (
            <a class="button" href={folderHref(props.path.slice(0, -1))}>
              Go up one folder
            </a>
          ) : null}
        </p>
      </div>
    </div>
  )
}
