import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launch } from './browser.ts'
import { clear } from './content.ts'
import type { Demo } from './demo-process.ts'
import { startDemo } from './demo-process.ts'

/** Milliseconds that an action may take on a busy machine: a limit for what hangs. */
export const PATIENCE = 60_000

/** The limit of a test, which has several actions. */
export const PAGE_TIME = { timeout: 5 * PATIENCE } as const

const OUTPUT = join(import.meta.dirname, '../../test-output')

/** The demo and a browser, shared by the tests of one file. */
export interface PageTests {
  readonly demo: Demo
  readonly browser: Browser
  /** A directory for files to upload. */
  readonly directory: string
  /** Deletes all content and all uploads of earlier tests. */
  clear(): Promise<void>
  /** Opens the page in a browser context of its own. */
  visit(options?: VisitOptions): Promise<Visit>
  /** Closes all contexts, with screenshots after a failed test. Fails if a page broke a rule of `faultsOf`. */
  endVisits(after?: {
    readonly task: { readonly result?: { readonly state: string } }
  }): Promise<void>
  end(): Promise<void>
}

/** How to open the page. */
export interface VisitOptions extends BrowserContextOptions {
  /** The URL of the page; that of the demo by default. */
  readonly url?: string
  /** The user to sign in; the demo account by default, null to stay signed out. */
  readonly user?: { readonly name: string; readonly password: string } | null
  /** The fragment of the address, such as `/folder`. */
  readonly at?: string
}

/** The page in a browser context of its own. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Opens another tab of the same context. */
  tab(at?: string): Promise<Page>
  /** Saves a screenshot for people to look at, if `PICTURES` is set. */
  picture(name: string): Promise<void>
}

/** What the demo is started with. */
export interface PageTestsOptions {
  /** The contents of a users file; by default the demo has its one account. */
  readonly users?: unknown
  /** Further environment variables. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Starts the demo and a browser. */
export async function pageTests(options: PageTestsOptions = {}): Promise<PageTests> {
  const { users, settings = {} } = options
  const directory = await mkdtemp(join(tmpdir(), 'tusker-files-'))
  const usersFile = join(directory, 'users.json')
  if (users !== undefined) await writeFile(usersFile, JSON.stringify(users))
  const ofUsers = users === undefined ? {} : { USERS_FILE: usersFile }
  const [demo, browser] = await Promise.all([startDemo({ ...settings, ...ofUsers }), launch()])
  const visits: { readonly context: BrowserContext; readonly faults: readonly string[] }[] = []
  await mkdir(OUTPUT, { recursive: true })

  return {
    demo,
    browser,
    directory,
    clear: () => clear(demo),
    async visit(options = {}) {
      const { url = demo.url, user = DEVELOPER, at = '/', ...rest } = options
      const context = await browser.newContext({ locale: 'en-GB', ...rest })
      context.setDefaultTimeout(PATIENCE)
      visits.push({ context, faults: faultsOf(context, new URL(url).host) })
      if (user !== null) {
        const answer = await context.request.post(`${url}/session`, { data: user })
        expect(answer.status()).toBe(200)
      }
      const tab = async (place = at): Promise<Page> => {
        const page = await context.newPage()
        await page.goto(`${url}/#${place}`)
        return page
      }
      const page = await tab()
      const picture = async (name: string): Promise<void> => {
        if (process.env['PICTURES'] === undefined) return
        await page.screenshot({ path: join(OUTPUT, `${name}.png`), animations: 'disabled' })
      }
      return { page, context, tab, picture }
    },
    async endVisits(after) {
      const ended = visits.splice(0)
      const hasFailed = after?.task.result?.state === 'fail'
      const pages = ended.flatMap(({ context }) => context.pages())
      for (const [index, page] of hasFailed ? pages.entries() : []) {
        await page.screenshot({ path: join(OUTPUT, `failed-${index}.png`) })
      }
      for (const { context } of ended) await context.close()
      expect(ended.flatMap(({ faults }) => faults)).toEqual([])
    },
    async end() {
      await browser.close()
      await demo.dispose()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const DEVELOPER = { name: 'admin', password: 'secret' }

/** Records faults of a page: an exception, a break of its security policy, a request to another host. */
function faultsOf(context: BrowserContext, host: string): readonly string[] {
  const faults: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.host !== host)
      faults.push(`requested ${request.url()}`)
  })
  context.on('weberror', (error) => faults.push(`threw ${error.error().stack ?? ''}`))
  context.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  return faults
}

/** The list of the page's own uploads. */
export function tray(page: Page): Locator {
  return page.getByRole('region', { name: 'Uploads', exact: true })
}

/** The row of one of the page's own uploads. */
export function uploadRow(page: Page, name: string): Locator {
  return tray(page).getByRole('listitem').filter({ hasText: name })
}

/** The name of an object in the open folder. */
export function item(page: Page, name: string): Locator {
  return page.getByRole('main').locator('.name', { hasText: name })
}

/** Chooses an action from the menu of an object. */
export async function choose(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click()
  await page.getByRole('menuitem', { name: action }).click()
}

/** Uploads files through the chooser, as a person does. */
export async function upload(page: Page, ...files: readonly string[]): Promise<void> {
  await page.getByRole('button', { name: 'Upload', exact: true }).click()
  const dialog = page.locator('.uppy-Dashboard--modal')
  await dialog
    .locator('input[type=file]')
    .first()
    .setInputFiles([...files])
  await dialog.getByRole('button', { name: /^Upload \d+ file/ }).click()
}

/** Waits until an upload of the page is in a state. */
export async function reached(page: Page, name: string, state: string): Promise<void> {
  const row = uploadRow(page, name).and(page.locator(`[data-state=${state}]`))
  const poll = expect.poll(
    async () => {
      if (state === 'completed') await unfoldCompleted(page)
      return row.isVisible()
    },
    { timeout: 2 * PATIENCE, interval: 100, message: `${name} is ${state}` },
  )
  await poll.toBe(true)
}

/** Has the tray list the completed uploads. Clicks at once: the button can go at any moment. */
async function unfoldCompleted(page: Page): Promise<void> {
  const folded = tray(page).locator('.tray-completed[aria-expanded=false]')
  await folded.evaluateAll((buttons) => {
    for (const button of buttons) if ('click' in button) (button as { click(): void }).click()
  })
}

/** Makes the page believe that its tab is hidden, or visible again. */
export async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(`
    Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  `)
}
