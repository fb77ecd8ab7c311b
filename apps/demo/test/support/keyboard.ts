import type { Page } from 'playwright-core'

/** The element with the focus: its label, its name, or its text. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(
    `(({ activeElement: at }) => at === null ? '' :
      at.getAttribute('aria-label') ?? at.getAttribute('name') ?? at.textContent.trim())(document)`,
  )
}

/** Presses Tab until the focus is on the named element. Fails if Tab does not lead there. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const passed: string[] = []
  for (let presses = 0; presses < 60; presses += 1) {
    const at = await focused(page)
    if (at === name) return
    passed.push(at)
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab does not lead to "${name}", but to ${JSON.stringify(passed)}`)
}
