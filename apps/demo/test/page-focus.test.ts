import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { SentFile } from './support/content.ts'
import { addFile, beginUpload } from './support/content.ts'
import { focused, tabTo } from './support/keyboard.ts'
import type { PageTests } from './support/page.ts'
import { hasBrowser, item, pageTests, PATIENCE, reached } from './support/page.ts'

describe.skipIf(!hasBrowser)('the focus on the page', { timeout: 60_000 }, () => {
  let tests: PageTests
  beforeAll(async () => {
    tests = await pageTests()
  }, 60_000)
  beforeEach(() => tests.clear())
  afterEach((context) => tests?.endVisits(context))
  afterAll(() => tests?.end())

  const text = (name: string): SentFile => ({ name, bytes: 'text' })

  /** Uploads a file without the page, which hears of it. */
  async function send(page: Page, path: string, name: string): Promise<void> {
    const complete = await beginUpload(tests.demo, path, text(name))
    await page.getByRole('link', { name: 'Uploads 1 unfinished' }).waitFor()
    await complete()
  }

  const names = (page: Page): Promise<string[]> =>
    page.getByRole('main').locator('a.name').allInnerTexts()

  it('is not taken from where one has gone, once the chooser is gone', async () => {
    const { page, context } = await tests.visit()
    const file = join(tests.directory, 'small.txt')
    await writeFile(file, 'small')
    await page.getByRole('button', { name: 'Upload', exact: true }).focus()
    const chooser = page.waitForEvent('filechooser')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page), { timeout: PATIENCE }).toBe('browse files')
    await page.keyboard.press('Enter')
    await (await chooser).setFiles(file)
    await expect.poll(() => focused(page), { timeout: PATIENCE }).toBe('Upload 1 file')
    // What moves on the page takes long, as on a machine that has no time for it.
    const devtools = await context.newCDPSession(page)
    await devtools.send('Animation.enable')
    await devtools.send('Animation.setPlaybackRate', { playbackRate: 0.1 })
    await page.keyboard.press('Enter')
    await reached(page, 'small.txt', 'completed')
    await tabTo(page, 'Sign out')
    await page.locator('.uppy-Dashboard--modal[aria-hidden=true]').waitFor({ state: 'attached' })
    expect(await focused(page)).toBe('Sign out')
  })

  it.each(['list', 'grid'])(
    'stays on an object that moves to another place of the %s',
    async (view) => {
      for (const name of ['one.txt', 'two.txt', 'three.txt'])
        await addFile(tests.demo, '', text(name))
      const { page } = await tests.visit()
      await item(page, 'three.txt').waitFor()
      await page.getByRole('button', { name: 'Changed' }).click()
      await page.getByRole('button', { name: 'Changed' }).click()
      if (view === 'grid') await page.getByRole('button', { name: 'Show as a grid' }).click()
      expect(await names(page)).toEqual(['three.txt', 'two.txt', 'one.txt'])
      await item(page, 'one.txt').focus()
      await send(page, '/one.txt/@tus-replace', 'one.txt')
      await expect
        .poll(() => names(page), { timeout: PATIENCE })
        .toEqual(['one.txt', 'three.txt', 'two.txt'])
      expect(await focused(page)).toBe('one.txt')
      await send(page, '/@tus-upload', 'four.txt')
      await item(page, 'four.txt').waitFor()
      expect(await focused(page)).toBe('one.txt')
    },
  )
})
