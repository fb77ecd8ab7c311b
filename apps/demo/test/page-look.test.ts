import type { AxeResults, RunOptions } from 'axe-core'
import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasBrowser } from './support/browser.ts'
import { isLong } from '../../../packages/testing/test/support/test-rounds.ts'
import type { SentFile } from './support/content.ts'
import { addFile, addFolder, beginUpload } from './support/content.ts'
import { focused, tabTo } from './support/keyboard.ts'
import type { PageTests, Visit, VisitOptions } from './support/page.ts'
import {
  choose,
  item,
  PAGE_TIME,
  pageTests,
  PATIENCE,
  reached,
  upload,
  uploadRow,
} from './support/page.ts'
import { pixels } from './support/page-files.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** Uppy's list of chosen files has no list role. Only Uppy can change that. */
const UPPYS = /^aria-required-parent: <div class="uppy-Dashboard-Item"/

const LONG = 'a-name-that-has-no-end-and-no-place-to-break-it-'.repeat(3)

const PICTURE = { name: 'a picture.png', bytes: pixels('blue') }

const LOOKS: readonly (readonly [string, VisitOptions])[] = [
  ['desktop', {}],
  ['phone', { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true }],
]

const LIGHT = ['light'] as const
const DARK_AND_LIGHT = ['dark', 'light'] as const

/** What axe checks of a dark page. Only its colours differ from those of the light one. */
const OF_DARK: RunOptions = isLong ? {} : { runOnly: ['color-contrast'] }

describe.skipIf(!hasBrowser)('the look of the page', PAGE_TIME, () => {
  let tests: PageTests
  let axe: string
  beforeAll(async () => {
    tests = await pageTests()
    axe = await readFile(AXE, 'utf8')
    await writeFile(join(tests.directory, PICTURE.name), PICTURE.bytes)
  }, PAGE_TIME.timeout)
  beforeEach(async () => {
    await tests.clear()
    await addFolder(tests.demo, '', 'a folder')
    await addFolder(tests.demo, '', LONG.slice(0, 130))
    await addFolder(tests.demo, '/a%20folder', 'below')
    await addFile(tests.demo, '', { ...PICTURE, mediaType: 'image/png' })
    await addFile(tests.demo, '', { name: `${LONG}.txt`, bytes: 'text' })
  })
  afterEach((context) => tests?.endVisits(context))
  afterAll(() => tests?.end())

  /** Checks a state of the page with axe, light and dark, and that it does not scroll sideways. */
  async function judge({ page, picture }: Visit, state: string, look: string): Promise<void> {
    if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
    // Narrow pages have the colours of wide ones.
    for (const colorScheme of look === 'phone' ? LIGHT : DARK_AND_LIGHT) {
      const label = `${look}, ${colorScheme}, ${state}`
      await page.emulateMedia({ colorScheme })
      await settled(page)
      await picture(label.replaceAll(', ', '-'))
      expect(await violations(page, colorScheme === 'dark' ? OF_DARK : {}), label).toEqual([])
      expect(await overflow(page), label).toBe(0)
    }
  }

  describe.each(LOOKS)('%s', (look, options) => {
    it('the sign-in page has no accessibility violations', async () => {
      const visit = await tests.visit({ ...options, user: null })
      await visit.page.getByLabel('Name').waitFor()
      await judge(visit, 'sign-in', look)
    })

    it('folders and their dialogs have no accessibility violations', async () => {
      const visit = await tests.visit(options)
      const { page } = visit
      await item(page, 'a folder').waitFor()
      await judge(visit, 'folder', look)
      await page.getByRole('button', { name: 'Actions for a picture.png' }).click()
      await page.getByRole('menu').waitFor()
      await judge(visit, 'menu', look)
      await page.keyboard.press('Escape')
      await page.getByRole('button', { name: 'New folder' }).click()
      await judge(visit, 'new-folder', look)
      await page.keyboard.press('Escape')
      await choose(page, 'a folder', 'Delete…')
      await judge(visit, 'delete', look)
      await page.keyboard.press('Escape')
      await choose(page, 'a picture.png', 'Preview')
      await judge(visit, 'preview', look)
      await page.keyboard.press('Escape')
      await upload(page, join(tests.directory, PICTURE.name))
      await page.getByRole('dialog', { name: `“${PICTURE.name}” already exists` }).waitFor()
      await judge(visit, 'conflict', look)
      await page.getByRole('dialog').getByRole('button', { name: 'Skip' }).click()
      await page.getByRole('button', { name: 'Show as a grid' }).click()
      await judge(visit, 'grid', look)
      await page.getByRole('button', { name: 'Show as a list' }).click()
      await item(page, 'a folder').click()
      await item(page, 'below').click()
      await page.getByText('Nothing here yet').waitFor()
      await judge(visit, 'empty', look)
    })

    it('the chooser, the tray and the list of uploads have no accessibility violations', async () => {
      const visit = await tests.visit(options)
      const { page, context } = visit
      await context.route('**/@tus-upload/*', (route) =>
        route.request().method() === 'PATCH' ? undefined : route.continue(),
      )
      const name = `of ${look}.txt`
      await writeFile(join(tests.directory, name), 'x'.repeat(1_000))
      await page.getByRole('button', { name: 'Upload', exact: true }).click()
      const chooser = page.locator('.uppy-Dashboard--modal')
      await chooser.getByRole('button', { name: 'browse files' }).waitFor()
      await judge(visit, 'chooser', look)
      await chooser.locator('input[type=file]').first().setInputFiles(join(tests.directory, name))
      await chooser.getByRole('button', { name: 'Upload 1 file' }).waitFor()
      await judge(visit, 'chosen', look)
      await chooser.getByRole('button', { name: 'Upload 1 file' }).click()
      await reached(page, name, 'uploading')
      await judge(visit, 'uploading', look)
      await page.goto(`${tests.demo.url}/#uploads`)
      await page.getByRole('button', { name: `Cancel the upload of ${name}` }).waitFor()
      await judge(visit, 'live', look)
      await page.getByRole('button', { name: `Cancel the upload of ${name}` }).click()
      await judge(visit, 'cancel', look)
      await page.getByRole('dialog').getByRole('button', { name: 'Cancel upload' }).click()
      await page.getByText('No uploads in progress').waitFor()
      await uploadRow(page, name)
        .getByRole('button', { name: `Cancel ${name}` })
        .click()
      await judge(visit, 'nothing', look)
    })
  })

  it('is dark if the browser prefers dark pages', async () => {
    const { page } = await tests.visit({ colorScheme: 'dark' })
    await item(page, 'a folder').waitFor()
    const brightness = async (): Promise<number> => {
      const colour = await page.evaluate<string>(
        'getComputedStyle(document.documentElement).backgroundColor',
      )
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number)
      return (red + green + blue) / 3
    }
    expect(await brightness()).toBeLessThan(60)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await brightness()).toBeGreaterThan(200)
  })

  it('can be used with the keyboard alone', async () => {
    const { page } = await tests.visit({ user: null })
    const { keyboard } = page
    await page.getByLabel('Name').waitFor()
    await tabTo(page, 'name')
    await keyboard.type('admin')
    await keyboard.press('Tab')
    await keyboard.type('secret')
    await keyboard.press('Enter')
    await page.getByRole('button', { name: 'New folder' }).waitFor()

    await tabTo(page, 'Skip to content')
    await keyboard.press('Enter')
    await tabTo(page, 'New folder')
    await keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'New folder' }).waitFor()
    await keyboard.type('by keyboard')
    await keyboard.press('Enter')
    await item(page, 'by keyboard').waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })

    await tabTo(page, 'Actions for by keyboard')
    await keyboard.press('Enter')
    await expect.poll(() => focused(page), { timeout: PATIENCE }).toBe('Open')
    await keyboard.press('End')
    await keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Delete folder?' }).waitFor()
    await keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('Actions for by keyboard')

    await tabTo(page, 'Upload')
    const chooser = page.waitForEvent('filechooser')
    await keyboard.press('Enter')
    await tabTo(page, 'browse files')
    await keyboard.press('Enter')
    await (await chooser).setFiles(join(tests.directory, 'a picture.png'))
    await page.getByRole('button', { name: 'Upload 1 file' }).waitFor()
    await tabTo(page, 'Upload 1 file')
    await keyboard.press('Enter')
    await page.getByRole('dialog', { name: '“a picture.png” already exists' }).waitFor()
    expect(await focused(page)).toBe('Keep both')
    await keyboard.press('Enter')
    await reached(page, 'a picture (2).png', 'completed')
    await tabTo(page, 'by keyboard')
    await keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'by keyboard' }).waitFor()
  })

  describe('the focus', () => {
    // The items of these tests only.
    beforeEach(() => tests.clear())
    const text = (name: string): SentFile => ({ name, bytes: 'text' })

    /** Uploads a file from another client, while the page shows it. */
    async function send(page: Page, path: string, name: string): Promise<void> {
      const complete = await beginUpload(tests.demo, path, text(name))
      await page.getByRole('link', { name: 'Uploads 1 unfinished' }).waitFor()
      await complete()
    }

    const names = (page: Page): Promise<string[]> =>
      page.getByRole('main').locator('a.name').allTextContents()

    it('the focus stays where the user moved it while the chooser closes', async () => {
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
      // Animations take long, as on a slow machine.
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
      'the focus stays on an object that moves to another place of the %s',
      async (view) => {
        for (const name of ['one.txt', 'two.txt', 'three.txt'])
          await addFile(tests.demo, '', text(name))
        const { page } = await tests.visit()
        await item(page, 'three.txt').waitFor()
        await page.getByRole('button', { name: 'Modified' }).click()
        await page.getByRole('button', { name: 'Modified' }).click()
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
})

/** Waits until colours and places no longer change. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(`Promise.all(
    document.getAnimations()
      .filter(({ effect }) => Number.isFinite(effect.getComputedTiming().endTime))
      .map(({ finished }) => finished.catch(() => {})),
  ).then(() => {})`)
}

/** The rules of axe that the page breaks, with the elements. */
async function violations(page: Page, checks: RunOptions): Promise<string[]> {
  const options = JSON.stringify({ resultTypes: ['violations'], ...checks })
  const results = await page.evaluate<AxeResults>(`axe.run(document, ${options})`)
  return results.violations
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))
    .filter((fault) => !UPPYS.test(fault))
}

/** The number of pixels by which the page is wider than the screen. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  )
}
