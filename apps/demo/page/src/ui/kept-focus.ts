import { useLayoutEffect } from 'preact/hooks'

/**
 * Keeps the focus on its element when a list is sorted again: browsers drop the focus of an element
 * that moves. The component that renders the list calls this.
 */
export function useKeptFocus(): void {
  const { activeElement } = document
  useLayoutEffect(() => {
    const isLost = document.activeElement === document.body && activeElement?.isConnected === true
    if (isLost && activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true })
  })
}
