import type { Page } from 'playwright-core'

/** What the focus is on: by its label, its text, or its name. */
export function focused(page: Page): Promise<string> {
  return page.evaluate(
    `(({ activeElement: at }) => at === null ? '' :
      at.getAttribute('aria-label') ?? at.getAttribute('name') ?? at.textContent.trim())(document)`,
  )
}

/** Presses Tab until the focus is there, as it must be before long. */
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
