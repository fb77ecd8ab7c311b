import { useLayoutEffect } from 'preact/hooks'

/**
 * Leaves the focus where it is while a list comes into another order: a browser takes it from what
 * is moved. For the component that has the list.
 */
export function useKeptFocus(): void {
  const { activeElement } = document
  useLayoutEffect(() => {
    const isLost = document.activeElement === document.body && activeElement?.isConnected === true
    if (isLost && activeElement instanceof HTMLElement) activeElement.focus({ preventScroll: true })
  })
}
