import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { folderHref } from '../route/address.ts'
import { Icon } from '../ui/icon.tsx'
import { titleOf } from './titles.ts'

/** Links to the folders above the open one, and its title as the heading of the page. */
export function Breadcrumb({ path }: { readonly path: readonly string[] }): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(path.join('/'))
  useEffect(() => {
    const moved = shown.current !== path.join('/')
    shown.current = path.join('/')
    // The link that was followed is gone, and so is its focus.
    if (moved) heading.current?.focus()
  }, [path.join('/')])
  return (
    <nav aria-label="Folders above" class="breadcrumb">
      <ol>
        {path.map((_, depth) => (
          <li key={depth}>
            <a href={folderHref(path.slice(0, depth))}>{titleOf(path.slice(0, depth))}</a>
            <Icon name="chevron" />
          </li>
        ))}
        <li>
          <h1 ref={heading} tabIndex={-1} aria-current="page">
            {titleOf(path)}
          </h1>
        </li>
      </ol>
    </nav>
  )
}
