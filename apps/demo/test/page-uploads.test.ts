import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { randomFile } from './support/files.ts'
import { hasBrowser } from './support/browser.ts'
import {
  item,
  PAGE_TIME,
  PATIENCE,
  reached,
  setHidden,
  tray,
  upload,
  uploadRow,
} from './support/page.ts'
import type { UploadTests } from './support/upload-tests.ts'
import { LENGTH, MEBIBYTE, OVERHEAD, uploadTests } from './support/upload-tests.ts'

const USERS = {
  users: { admin: 'secret', bob: 'secret' },
  rights: {
    '/': { admin: ['view', 'add', 'modify', 'manage'], bob: ['view', 'add', 'modify'] },
  },
}
/** The largest upload that the demo takes. */
const MAX_SIZE = 200_000_000

describe.skipIf(!hasBrowser)('uploads on the page', PAGE_TIME, () => {
  let tests: UploadTests
  beforeAll(async () => {
    tests = await uploadTests({ users: USERS, settings: { MAX_SIZE: String(MAX_SIZE) } })
  }, PAGE_TIME.timeout)
  beforeEach(() => tests.clear())
  afterEach((context) => tests?.endVisits(context))
  afterAll(() => tests?.end())

  async function smallFile(name: string): Promise<string> {
    const path = join(tests.directory, name)
    await writeFile(path, name)
    return path
  }

  it('show their progress, speed and time left, can be paused, and then resume', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'paused.bin')
    const row = uploadRow(page, 'paused.bin')
    await row.filter({ hasText: /\d+% of .*B · .*\/s · .* left/ }).waitFor()
    const bar = row.getByRole('progressbar', { name: 'paused.bin' })
    expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(0)
    await picture('uploading')

    await row.getByRole('button', { name: 'Pause paused.bin' }).click()
    await reached(page, 'paused.bin', 'paused')
    await picture('paused')
    await tests.settle()
    const before = await tests.offsetOf('paused.bin')
    const sent = tests.net.sent()
    await row.getByRole('button', { name: 'Resume paused.bin' }).click()
    await reached(page, 'paused.bin', 'completed')
    expect(await tests.digestOf('paused.bin')).toBe(digest)
    expect(tests.net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  it('appear in the open folder while others are still being sent', async () => {
    const large = join(tests.directory, 'large.bin')
    await randomFile(large, LENGTH)
    const { page, picture } = await tests.visit({ url: tests.net.url })
    tests.net.limit(MEBIBYTE / 4, MEBIBYTE)
    await upload(page, large, await smallFile('small-0.bin'), await smallFile('small-1.bin'))
    await item(page, 'small-0.bin').waitFor()
    await picture('listed-while-sending')
    const title = tray(page).getByRole('heading')
    expect(await title.innerText()).toMatch(/^Uploading/)
  })

  it('are listed before completed ones, which the tray folds to a line', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    await upload(page, await smallFile('first.txt'), await smallFile('second.txt'))
    await tray(page).getByText('2 uploads complete').waitFor()
    await tests.begin(page, 'later.bin')
    await tray(page).getByRole('button', { name: '2 complete' }).waitFor()
    expect(await tray(page).getByRole('listitem').count()).toBe(1)
    await picture('completed-folded')
    await tray(page).getByRole('button', { name: '2 complete' }).click()
    await uploadRow(page, 'second.txt').waitFor()
    expect(await tray(page).getByRole('listitem').first().innerText()).toContain('later.bin')

    await tray(page).getByRole('button', { name: 'Close' }).click()
    await tray(page).waitFor({ state: 'detached' })
    await page.getByRole('link', { name: /^Uploads/ }).click()
    await uploadRow(page, 'later.bin').waitFor()
    expect(await uploadRow(page, 'first.txt').count()).toBe(0)
  })

  it('leave with the tray once it has shown for some seconds that all have completed', async () => {
    const { page } = await tests.visit()
    await page.clock.install()
    await upload(page, await smallFile('gone.txt'))
    await item(page, 'gone.txt').waitFor()
    await tray(page).getByText('1 upload complete').waitFor()
    await setHidden(page, true)
    await page.clock.fastForward(60_000)
    expect(await tray(page).isVisible()).toBe(true)
    await setHidden(page, false)
    await page.clock.fastForward(10_000)
    await tray(page).waitFor({ state: 'detached' })
  })

  it('are cancelled on the server once they can no longer be taken back', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'cancelled.bin')
    const cancel = (): Promise<void> =>
      tray(page).getByRole('button', { name: 'Cancel cancelled.bin' }).click()
    await cancel()
    await uploadRow(page, 'cancelled.bin').waitFor({ state: 'detached' })
    const toast = page.getByText('Upload of “cancelled.bin” cancelled.')
    await toast.waitFor()
    await picture('undo')
    await page.getByRole('button', { name: 'Undo' }).click()
    await toast.waitFor({ state: 'detached' })
    await reached(page, 'cancelled.bin', 'uploading')
    await page.clock.install()
    await cancel()
    await toast.waitFor()
    expect(await tests.unfinished()).toHaveLength(1)
    await page.clock.fastForward(8_000)
    await toast.waitFor({ state: 'detached' })
    await expect.poll(() => tests.unfinished(), { timeout: PATIENCE }).toEqual([])
    tests.net.limit(null)
    await upload(page, join(tests.directory, 'cancelled.bin'))
    await reached(page, 'cancelled.bin', 'completed')
    expect(await tests.digestOf('cancelled.bin')).toBe(digest)
  })

  it('of files above the limit are refused before they are sent, and cannot be retried', async () => {
    const path = join(tests.directory, 'huge.bin')
    const file = await open(path, 'w')
    await file.truncate(MAX_SIZE + 50_000_000)
    await file.close()
    const { page, picture } = await tests.visit()
    const requests: string[] = []
    page.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
    await upload(page, path)
    await reached(page, 'huge.bin', 'failed')
    const row = uploadRow(page, 'huge.bin')
    await row.getByText('huge.bin is 250 MB. The limit is 200 MB.', { exact: true }).waitFor()
    expect(await row.getByRole('button', { name: /Retry/ }).count()).toBe(0)
    expect(requests.filter((request) => /^(POST|PATCH)/.test(request))).toEqual([])
    await picture('too-large')
    await rm(path)
  })

  it('say that they are stalled when no byte gets through', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    await tests.begin(page, 'stalled.bin')
    tests.net.limit(0)
    await uploadRow(page, 'stalled.bin')
      .filter({ hasText: 'Stalled, waiting for the network' })
      .waitFor()
    await picture('stalled')
    tests.net.limit(null)
    await reached(page, 'stalled.bin', 'completed')
  })

  it('are listed with folder and speed, also for a manager, who can cancel them', async () => {
    const bob = await tests.visit({ url: tests.net.url, user: { name: 'bob', password: 'secret' } })
    await bob.page.getByRole('button', { name: 'New folder' }).click()
    await bob.page.getByRole('dialog').getByLabel('Name').fill('Summer 2026')
    await bob.page.keyboard.press('Enter')
    await item(bob.page, 'Summer 2026').click()
    await bob.page.getByRole('heading', { level: 1, name: 'Summer 2026' }).waitFor()
    await tests.begin(bob.page, 'others.bin')
    const other = await bob.tab('uploads')
    const bar = other.getByRole('main').getByRole('progressbar', { name: /others\.bin/ })
    const first = Number(await bar.getAttribute('value'))
    const now = async (): Promise<number> => Number(await bar.getAttribute('value'))
    await expect.poll(now, { timeout: PATIENCE }).toBeGreaterThan(first)

    const { page, picture } = await tests.visit({ at: 'uploads' })
    const row = page.getByRole('listitem').filter({ hasText: 'others.bin' })
    await row.getByText('bob').waitFor()
    await row.getByRole('link', { name: 'Summer 2026' }).waitFor()
    await row.getByText(/% · .* of .* · .*B\/s/).waitFor()
    await picture('live-list')
    await row.getByRole('button', { name: 'Cancel the upload of others.bin' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel upload' }).click()
    await page.getByText('No uploads in progress').waitFor()
    await other.getByText('No uploads in progress').waitFor()
    await reached(bob.page, 'others.bin', 'failed')
    await uploadRow(bob.page, 'others.bin')
      .filter({ hasText: 'This upload was cancelled or has expired. Retry to start over.' })
      .waitFor()
    await bob.picture('cancelled-by-manager')
    await expect.poll(() => tests.unfinished(), { timeout: PATIENCE }).toEqual([])
  })
})
