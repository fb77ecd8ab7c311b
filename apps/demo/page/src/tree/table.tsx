import type { JSX } from 'preact'
import { primaryField } from '../api/content.ts'
import type { Item } from '../api/types.ts'
import { bytes, when } from '../ui/format.ts'
import { useKeptFocus } from '../ui/kept-focus.ts'
import { isDropTarget } from './drop-target.ts'
import { ItemIcon, ItemName } from './item-name.tsx'
import { ItemMenu } from './item-menu.tsx'
import type { ListProps } from './list-props.ts'
import { usePages } from './pages.tsx'
import type { Column } from './order.ts'
import { order, orderBy, sorted } from './order.ts'

/** A folder as a table. */
export function Table({ folder, path, open }: ListProps): JSX.Element {
  useKeptFocus()
  const { shown, more } = usePages(sorted(folder.items, order.value), folder['@id'])
  return (
    <>
      <table class="files">
        <caption class="unseen">Folder contents</caption>
        <thead>
          <tr>
            <Heading column="name" text="Name" />
            <Heading column="size" text="Size" />
            <Heading column="modified" text="Modified" />
            <th scope="col" class="actions">
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((item) => (
            <tr
              key={item.UID}
              data-folder={item.is_folderish ? item.id : undefined}
              class={isDropTarget(item) ? 'drop-target' : ''}
            >
              <th scope="row">
                <div>
                  <ItemIcon item={item} />
                  <ItemName item={item} path={path} open={open} />
                </div>
              </th>
              <td class="number">{sizeOf(item)}</td>
              <td>
                <time dateTime={item.modified} title={new Date(item.modified).toLocaleString()}>
                  {when(item.modified)}
                </time>
              </td>
              <td class="actions">
                <ItemMenu item={item} path={path} open={open} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more}
    </>
  )
}

function Heading({
  column,
  text,
}: {
  readonly column: Column
  readonly text: string
}): JSX.Element {
  const { column: by, descending } = order.value
  const sort = by !== column ? 'none' : descending ? 'descending' : 'ascending'
  return (
    <th scope="col" aria-sort={sort} class={column}>
      <button type="button" onClick={() => orderBy(column)}>
        {text}
        <span class="arrow" aria-hidden="true">
          {sort === 'none' ? '' : descending ? '↓' : '↑'}
        </span>
      </button>
    </th>
  )
}

/** The size of a file; nothing for a folder. */
function sizeOf(item: Item): string {
  const field = primaryField(item)
  return field === null ? '' : bytes(field.size)
}
