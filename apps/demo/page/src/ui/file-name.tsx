import type { JSX } from 'preact'
import { splitName } from './split-name.ts'

/** A file's name in one line. A long one is cut in the middle, so that its extension stays in sight. */
export function FileName({ name }: { readonly name: string }): JSX.Element {
  const { head, tail } = splitName(name)
  if (tail === '') return <>{name}</>
  return (
    <span class="cut-name" dir="auto">
      <span class="cut-head">{head}</span>
      <span class="cut-tail">{tail}</span>
    </span>
  )
}
