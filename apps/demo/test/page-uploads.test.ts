import { open, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cuttingProxy } from './support/cutting-proxy.ts'
import { SIGNED_IN } from './support/demo-process.ts'
import { randomFile, sha256OfUrl } from './support/files.ts'
import type { Network } from './support/network.ts'
import { network } from './support/network.ts'
import type { PageTests } from './support/page.ts'
import {
  hasBrowser,
  item,
  pageTests,
  reached,
  setHidden,
  tray,
  upload,
  uploadRow,
} from './support/page.ts'
import type { Listed } from './support/unfinished.ts'
import { acceptLeaving, offsetOfUpload, unfinishedUploads } from './support/unfinished.ts'

const USERS = {
  users: { admin: 'secret', bob: 'secret' },
  rights: {
    '/': { admin: ['view', 'add', 'modify', 'manage'], bob: ['view', 'add', 'modify'] },
  },
}
const MEBIBYTE = 2 ** 20
const LENGTH = 12 * MEBIBYTE
/** Bytes that a client sends besides those of a file: heads of requests, and the page itself. */
const OVERHEAD = MEBIBYTE
/** The largest upload that the demo takes. */
const MAX_SIZE = 200_000_000

describe.skipIf(!hasBrowser)('uploads on the page', { timeout: 90_000 }, () => {
  let tests: PageTests
  let net: Network
  beforeAll(async () => {
    tests = await pageTests({ users: USERS, settings: { MAX_SIZE: String(MAX_SIZE) } })
    net = await network(tests.demo.port)
  }, 60_000)
  beforeEach(async () => {
    net.restore()
    net.limit(null)
    await tests.clear()
  })
  afterEach(async (context) => {
    net?.limit(null)
    await tests?.endVisits(context)
  })
  afterAll(async () => {
    await net?.close()
    await tests?.end()
  })

  /** Begins to upload a file over a slow network, and waits until the server has a part of it. */
  async function begin(page: Page, name: string): Promise<string> {
    const path = join(tests.directory, name)
    const digest = await randomFile(path, LENGTH)
    net.limit(3 * MEBIBYTE)
    await upload(page, path)
    await expect.poll(() => offsetOf(name), { timeout: 20_000 }).toBeGreaterThan(MEBIBYTE)
    // The upload must not complete before a slow machine has come to the middle of the test.
    net.limit(MEBIBYTE / 4)
    return digest
  }

  const unfinished = (): Promise<readonly Listed[]> => unfinishedUploads(tests.demo)

  const offsetOf = (name: string): Promise<number> => offsetOfUpload(tests.demo, name)

  const digestOf = (name: string): Promise<string> =>
    sha256OfUrl(`${tests.demo.url}/content/${name}`, SIGNED_IN)

  async function smallFile(name: string): Promise<string> {
    const path = join(tests.directory, name)
    await writeFile(path, name)
    return path
  }

  it('show their progress, speed and time left, can be paused, and then resume', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'paused.bin')
    const row = uploadRow(page, 'paused.bin')
    await row.filter({ hasText: /\d+% of .*B · .*\/s · .* left/ }).waitFor()
    const bar = row.getByRole('progressbar', { name: 'paused.bin' })
    expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(0)
    await picture('uploading')

    await row.getByRole('button', { name: 'Pause paused.bin' }).click()
    await reached(page, 'paused.bin', 'paused')
    await picture('paused')
    const before = await finalOffset('paused.bin')
    expect(before).toBeLessThan(LENGTH)
    const sent = net.sent()
    net.limit(null)
    await row.getByRole('button', { name: 'Resume paused.bin' }).click()
    await reached(page, 'paused.bin', 'completed')
    expect(await digestOf('paused.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  /** The offset once it has stopped to grow. */
  async function finalOffset(name: string): Promise<number> {
    // Bytes that the network has taken still arrive.
    net.limit(3 * MEBIBYTE)
    let last = -1
    for (let now = await offsetOf(name); now !== last; now = await offsetOf(name)) {
      last = now
      await new Promise((resolve) => setTimeout(resolve, 500))
    }
    return last
  }

  it('appear in the open folder while others are still being sent', async () => {
    const names = Array.from({ length: 150 }, (_, index) => `small-${index}.bin`)
    const { page, picture } = await tests.visit()
    await upload(page, ...(await Promise.all(names.map(smallFile))))
    await item(page, 'small-0.bin').waitFor()
    await picture('listed-while-sending')
    const title = tray(page).getByRole('heading')
    expect(await title.innerText()).toMatch(/^Uploading/)
  })

  it('are listed before completed ones, which the tray folds to a line', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    await upload(page, await smallFile('first.txt'), await smallFile('second.txt'))
    await tray(page).getByText('2 uploads complete').waitFor()
    await begin(page, 'later.bin')
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
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'cancelled.bin')
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
    expect(await unfinished()).toHaveLength(1)
    await page.clock.fastForward(8_000)
    await toast.waitFor({ state: 'detached' })
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
    net.limit(null)
    await upload(page, join(tests.directory, 'cancelled.bin'))
    await reached(page, 'cancelled.bin', 'completed')
    expect(await digestOf('cancelled.bin')).toBe(digest)
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
    const { page, picture } = await tests.visit({ url: net.url })
    await begin(page, 'stalled.bin')
    net.limit(0)
    await uploadRow(page, 'stalled.bin')
      .filter({ hasText: 'Stalled, waiting for the network' })
      .waitFor()
    await picture('stalled')
    net.limit(null)
    await reached(page, 'stalled.bin', 'completed')
  })

  it('complete after the network was cut three times', async () => {
    const proxy = await cuttingProxy({ target: tests.demo.port, every: 10 * MEBIBYTE, cuts: 3 })
    try {
      const path = join(tests.directory, 'cut.bin')
      const digest = await randomFile(path, 40 * MEBIBYTE)
      const { page } = await tests.visit({ url: `http://127.0.0.1:${proxy.port}` })
      await upload(page, path)
      await reached(page, 'cut.bin', 'completed')
      expect(await digestOf('cut.bin')).toBe(digest)
      expect(proxy.cuts.fin + proxy.cuts.rst).toBe(3)
      await rm(path)
    } finally {
      await proxy.close()
    }
  })

  it('say that the network is lost, and resume when it is back', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'lost.bin')
    net.lose()
    await reached(page, 'lost.bin', 'retrying')
    const banner = page.getByRole('status').filter({ hasText: "You're offline." })
    await banner.waitFor()
    await picture('connection-lost')
    const before = await offsetOf('lost.bin')
    const sent = net.sent()
    net.limit(null)
    net.restore()
    await reached(page, 'lost.bin', 'completed')
    await banner.waitFor({ state: 'detached' })
    expect(await digestOf('lost.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  it('resume after the server was killed and restarted', async () => {
    const { page } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'killed.bin')
    await tests.demo.end('SIGKILL')
    try {
      await reached(page, 'killed.bin', 'retrying')
    } finally {
      await tests.demo.start()
    }
    const before = await offsetOf('killed.bin')
    expect(before).toBeGreaterThan(0)
    const sent = net.sent()
    net.limit(null)
    await reached(page, 'killed.bin', 'completed')
    expect(await digestOf('killed.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  /** Reloads the page in the middle of an upload, and returns the offset that it reached. */
  async function reloadDuring(page: Page, name: string): Promise<number> {
    await acceptLeaving(page, () => page.reload())
    return finalOffset(name)
  }

  it('resume after a reload, from the list of unfinished ones', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'reloaded.bin')
    const before = await reloadDuring(page, 'reloaded.bin')
    const sent = net.sent()
    net.limit(null)
    await page.getByText('You have 1 unfinished upload.').waitFor()
    await page.getByRole('link', { name: 'Select the file again to resume.' }).click()
    const again = page.getByRole('button', { name: 'Resume the upload of reloaded.bin' })
    await again.waitFor()
    await picture('unfinished')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), again.click()])
    await chooser.setFiles(join(tests.directory, 'reloaded.bin'))
    await reached(page, 'reloaded.bin', 'completed')
    expect(await digestOf('reloaded.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  it('resume after a reload, when the same file is uploaded again', async () => {
    const { page } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'again.bin')
    const before = await reloadDuring(page, 'again.bin')
    const sent = net.sent()
    net.limit(null)
    await upload(page, join(tests.directory, 'again.bin'))
    await reached(page, 'again.bin', 'completed')
    expect(await digestOf('again.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
  })

  it('are listed with folder and speed, also for a manager, who can cancel them', async () => {
    const bob = await tests.visit({ url: net.url, user: { name: 'bob', password: 'secret' } })
    await bob.page.getByRole('button', { name: 'New folder' }).click()
    await bob.page.getByRole('dialog').getByLabel('Name').fill('Summer 2026')
    await bob.page.keyboard.press('Enter')
    await item(bob.page, 'Summer 2026').click()
    await bob.page.getByRole('heading', { level: 1, name: 'Summer 2026' }).waitFor()
    await begin(bob.page, 'others.bin')
    const other = await bob.tab('uploads')
    const bar = other.getByRole('main').getByRole('progressbar', { name: /others\.bin/ })
    const first = Number(await bar.getAttribute('value'))
    const now = async (): Promise<number> => Number(await bar.getAttribute('value'))
    await expect.poll(now, { timeout: 20_000 }).toBeGreaterThan(first)

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
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
  })

  it('wait until the user signs in again, and then resume', async () => {
    const { page, context, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'signed-out.bin')
    await uploadRow(page, 'signed-out.bin').getByRole('button', { name: 'Pause' }).click()
    await reached(page, 'signed-out.bin', 'paused')
    await context.clearCookies()
    await uploadRow(page, 'signed-out.bin').getByRole('button', { name: 'Resume' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in again' })
    await dialog.waitFor()
    await picture('sign-in-again')
    net.limit(null)
    await dialog.getByLabel('Password').fill('secret')
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await reached(page, 'signed-out.bin', 'completed')
    expect(await digestOf('signed-out.bin')).toBe(digest)
  })
})
