import type { JSX, TargetedKeyboardEvent } from 'preact'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { IconName } from './icon.tsx'
import { Icon } from './icon.tsx'

/** An item of a menu: an action or a link. */
export interface MenuItem {
  readonly icon: IconName
  readonly text: string
  readonly danger?: boolean
  readonly onChoose?: () => void
  readonly href?: string
  /** The browser saves the link's target instead of opening it. */
  readonly download?: boolean
}

/** A button that opens a menu. Arrow keys move inside, Escape closes it. */
export function Menu({
  label,
  items,
}: {
  readonly label: string
  readonly items: readonly MenuItem[]
}): JSX.Element {
  const [open, setOpen] = useState(false)
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const list = useRef<HTMLDivElement>(null)

  useEffect(() => {
    const element = list.current
    if (!open || element === null) return
    place(element, button.current)
    itemsIn(element)[0]?.focus()
    const away = (event: Event): void => {
      if (
        event.target instanceof Node &&
        !element.contains(event.target) &&
        !button.current?.contains(event.target)
      )
        setOpen(false)
    }
    const gone = (): void => setOpen(false)
    document.addEventListener('pointerdown', away)
    addEventListener('scroll', gone, { capture: true })
    addEventListener('resize', gone)
    return () => {
      document.removeEventListener('pointerdown', away)
      removeEventListener('scroll', gone, { capture: true })
      removeEventListener('resize', gone)
    }
  }, [open])

  function close(): void {
    setOpen(false)
    button.current?.focus()
  }

  function onKeyDown(event: TargetedKeyboardEvent<HTMLDivElement>): void {
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (!move(event.currentTarget, event.key)) return
    if (event.key !== 'Tab') event.preventDefault()
  }

  return (
    <div class="menu">
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open ? (
        <div
          ref={list}
          id={id}
          role="menu"
          aria-label={label}
          class="menu-list"
          onKeyDown={onKeyDown}
        >
          {items.map((item) => (
            <Choice key={item.text} item={item} onChosen={close} />
          ))}
        </div>
      ) : null}
    </div>
  )
}

function Choice({
  item,
  onChosen,
}: {
  readonly item: MenuItem
  readonly onChosen: () => void
}): JSX.Element {
  const content = (
    <>
      <Icon name={item.icon} />
      {item.text}
    </>
  )
  const choose = (): void => {
    onChosen()
    item.onChoose?.()
  }
  const shared = {
    role: 'menuitem',
    tabIndex: -1,
    class: item.danger === true ? 'danger' : '',
    onClick: choose,
  } as const
  if (item.href === undefined) {
    return (
      <button type="button" {...shared}>
        {content}
      </button>
    )
  }
  return (
    <a href={item.href} download={item.download === true ? '' : undefined} {...shared}>
      {content}
    </a>
  )
}

function itemsIn(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>('[role=menuitem]')]
}

/** Moves the focus; false if the key does not move it. */
function move(list: HTMLElement, key: string): boolean {
  const items = itemsIn(list)
  const at = items.findIndex((item) => item === document.activeElement)
  const next = {
    ArrowDown: at + 1,
    ArrowUp: at - 1 + items.length,
    Home: 0,
    End: items.length - 1,
  }[key]
  if (next === undefined) return false
  items[next % items.length]?.focus()
  return true
}

/** Places the menu below its button, or above it if there is no room. Scrolling boxes do not cut it. */
function place(list: HTMLElement, button: HTMLElement | null): void {
  if (button === null) return
  const box = button.getBoundingClientRect()
  const { offsetWidth, offsetHeight } = list
  const below = box.bottom + offsetHeight + 8 < innerHeight
  list.style.top = `${below ? box.bottom + 4 : Math.max(8, box.top - offsetHeight - 4)}px`
  list.style.left = `${Math.max(8, box.right - offsetWidth)}px`
}
