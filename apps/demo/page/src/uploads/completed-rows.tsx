import type { JSX } from 'preact'
import { useId, useState } from 'preact/hooks'
import { Icon } from '../ui/icon.tsx'
import type { Row } from './rows.ts'
import { TrayRow } from './tray-row.tsx'

/** So many completed uploads are listed without being asked for, if no other uploads are. */
const FEW = 5

/** So many completed uploads are listed at most: a browser is slow with thousands. */
const LIMIT = 100

/** The completed uploads, folded to a line like "12 complete" unless they are few and alone. */
export function CompletedRows(props: {
  readonly completed: readonly Row[]
  readonly isAlone: boolean
}): JSX.Element | null {
  const { completed, isAlone } = props
  const [chosen, setChosen] = useState<boolean | null>(null)
  const id = useId()
  if (completed.length === 0) return null
  const isOpen = chosen ?? (isAlone && completed.length <= FEW)
  // The title of the tray says the same while there is nothing else.
  const hasButton = !isAlone || completed.length > FEW
  return (
    <>
      {hasButton ? (
        <button
          type="button"
          class="tray-completed"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setChosen(!isOpen)}
        >
          <Icon name="check" />
          {completed.length} complete
          <Icon name="down" />
        </button>
      ) : null}
      {isOpen || !hasButton ? (
        <ul id={id}>
          {completed.slice(0, LIMIT).map((row) => (
            <TrayRow key={row.id} row={row} />
          ))}
          {completed.length > LIMIT ? (
            <li class="tray-more">and {completed.length - LIMIT} more</li>
          ) : null}
        </ul>
      ) : null}
    </>
  )
}
