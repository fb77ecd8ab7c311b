import type { JSX } from 'preact'
import type { MenuItem } from '../ui/menu.tsx'
import { Menu } from '../ui/menu.tsx'
import { pauseAll, resumeAll } from './actions.ts'
import { dismissCompleted, dismissFailed } from './cancel.ts'
import type { Row } from './rows.ts'
import { isRunning, isUnfinished } from './rows.ts'

/** The menu of actions on all uploads of the page. */
export function TrayMenu(props: {
  readonly all: readonly Row[]
  readonly onCancelAll: () => void
}): JSX.Element | null {
  const { all, onCancelAll } = props
  const has = (state: Row['state']): boolean => all.some((row) => row.state === state)
  const items: (MenuItem | false)[] = [
    all.some(isRunning) && { icon: 'pause', text: 'Pause all', onChoose: pauseAll },
    has('paused') && { icon: 'play', text: 'Resume all', onChoose: resumeAll },
    has('completed') && { icon: 'check', text: 'Clear completed', onChoose: dismissCompleted },
    has('failed') && { icon: 'check', text: 'Clear failed', onChoose: dismissFailed },
    all.some(isUnfinished) && {
      icon: 'close',
      text: 'Cancel all…',
      danger: true,
      onChoose: onCancelAll,
    },
  ]
  return <Menu label="Actions for all uploads" items={items.filter((item) => item !== false)} />
}
