import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { expect } from 'vitest'
import { findChromium } from '../../../../scripts/chromium.mjs'
import { clear } from './content.ts'
import type { Demo } from './demo-process.ts'
import { startDemo } from './demo-process.ts'

const executablePath = findChromium()

/** False, and said so, where there is no browser to test the page with. */
export const hasBrowser: boolean = executablePath !== null
if (!hasBrowser) {
  console.log('tests of the page are skipped: no Chromium found; install it or set CHROMIUM_BIN')
}

/** Milliseconds that something on the page may take on a busy machine. */
export const PATIENCE = 20_000

const OUTPUT = join(import.meta.dirname, '../../test-output')

/** The demo and a browser, for the tests of one file. */
export interface PageTests {
  readonly demo: Demo
  /** A directory for files to upload. */
  readonly directory: string
  /** Removes all content and all uploads, whoever left them. */
  clear(): Promise<void>
  /** Somebody at a browser of their own, with the page open. */
  visit(options?: VisitOptions): Promise<Visit>
  /** Ends all visits, with pictures of them after a failed test; fails when one saw what must not be. */
  endVisits(after?: {
    readonly task: { readonly result?: { readonly state: string } }
  }): Promise<void>
  end(): Promise<void>
}

/** How somebody visits. */
export interface VisitOptions extends BrowserContextOptions {
  /** Where the page is; the demo itself by default. */
  readonly url?: string
  /** Null to stay signed out; the development user by default. */
  readonly user?: { readonly name: string; readonly password: string } | null
  /** The fragment of the address, such as `/folder`. */
  readonly at?: string
}

/** One visit. */
export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** Another tab of the same browser. */
  tab(at?: string): Promise<Page>
  /** Keeps a picture of a page's state, for people to look at. */
  picture(name: string): Promise<void>
}

/** `users` are what a users file says; the development user by default. */
export async function pageTests({ users }: { readonly users?: unknown } = {}): Promise<PageTests> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-files-'))
  const usersFile = join(directory, 'users.json')
  if (users !== undefined) await writeFile(usersFile, JSON.stringify(users))
  const demo = await startDemo(users === undefined ? {} : { USERS_FILE: usersFile })
  const browser = await launch()
  const visits: { readonly context: BrowserContext; readonly faults: readonly string[] }[] = []
  await mkdir(OUTPUT, { recursive: true })

  return {
    ...{ demo, directory },
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

function launch(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath === null ? {} : { executablePath }),
    // Else it cannot read files whose names are of another script, where no language is set.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
  })
}

/** What no page may do: fail, break its own security policy, or ask anybody but its server. */
function faultsOf(context: BrowserContext, host: string): readonly string[] {
  const faults: string[] = []
  context.on('request', (request) => {
    const url = new URL(request.url())
    if (/^https?:$/.test(url.protocol) && url.host !== host) faults.push(`asked ${request.url()}`)
  })
  context.on('weberror', (error) => faults.push(`threw ${error.error().stack ?? ''}`))
  context.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  return faults
}

/** The rows of the page's own uploads. */
export function uploadRow(page: Page, name: string): Locator {
  return page
    .getByRole('region', { name: 'Uploads of this page' })
    .getByRole('listitem')
    .filter({ hasText: name })
}

/** An object in the folder that is open. */
export function item(page: Page, name: string): Locator {
  return page.getByRole('main').locator('.name', { hasText: name })
}

/** Chooses one of the actions of an object. */
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
  await uploadRow(page, name)
    .and(page.locator(`[data-state=${state}]`))
    .waitFor({ timeout: 60_000 })
}
