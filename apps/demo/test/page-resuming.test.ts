import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasBrowser } from './support/browser.ts'
import { cuttingProxy } from './support/cutting-proxy.ts'
import { randomFile } from './support/files.ts'
import { PAGE_TIME, PATIENCE, reached, upload, uploadRow } from './support/page.ts'
import type { UploadTests } from './support/upload-tests.ts'
import { acceptLeaving, LENGTH, MEBIBYTE, OVERHEAD, uploadTests } from './support/upload-tests.ts'

describe.skipIf(!hasBrowser)('interrupted uploads on the page', PAGE_TIME, () => {
  let tests: UploadTests
  beforeAll(async () => {
    tests = await uploadTests({})
  }, PAGE_TIME.timeout)
  beforeEach(() => tests.clear())
  afterEach((context) => tests?.endVisits(context))
  afterAll(() => tests?.end())

  it('complete after the network was cut three times', async () => {
    const proxy = await cuttingProxy({ target: tests.demo.port, every: 10 * MEBIBYTE, cuts: 3 })
    try {
      const path = join(tests.directory, 'cut.bin')
      const digest = await randomFile(path, 40 * MEBIBYTE)
      const { page } = await tests.visit({ url: `http://127.0.0.1:${proxy.port}` })
      await upload(page, path)
      await reached(page, 'cut.bin', 'completed')
      expect(await tests.digestOf('cut.bin')).toBe(digest)
      expect(proxy.cuts.fin + proxy.cuts.rst).toBe(3)
      await rm(path)
    } finally {
      await proxy.close()
    }
  })

  it('say that the network is lost, and resume when it is back', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'lost.bin')
    tests.net.lose()
    await reached(page, 'lost.bin', 'retrying')
    const banner = page.getByRole('status').filter({ hasText: "You're offline." })
    await banner.waitFor()
    await picture('connection-lost')
    const before = await tests.offsetOf('lost.bin')
    const sent = tests.net.sent()
    tests.net.limit(null)
    tests.net.restore()
    await reached(page, 'lost.bin', 'completed')
    await banner.waitFor({ state: 'detached' })
    expect(await tests.digestOf('lost.bin')).toBe(digest)
    expect(tests.net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  it('resume after the server was killed and restarted', async () => {
    const { page } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'killed.bin')
    await tests.demo.end('SIGKILL')
    try {
      await reached(page, 'killed.bin', 'retrying')
    } finally {
      await tests.demo.start()
    }
    const before = await tests.offsetOf('killed.bin')
    expect(before).toBeGreaterThan(0)
    const sent = tests.net.sent()
    tests.net.limit(null)
    await reached(page, 'killed.bin', 'completed')
    expect(await tests.digestOf('killed.bin')).toBe(digest)
    expect(tests.net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  /** Reloads the page in the middle of an upload, and returns the offset that it reached. */
  async function reloadDuring(page: Page, name: string): Promise<number> {
    await acceptLeaving(page, () => page.reload())
    await tests.settle()
    return tests.offsetOf(name)
  }

  it('resume after a reload, from the list of unfinished ones', async () => {
    const { page, picture } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'reloaded.bin')
    const before = await reloadDuring(page, 'reloaded.bin')
    const sent = tests.net.sent()
    await page.getByText('You have 1 unfinished upload.').waitFor()
    await page.getByRole('link', { name: 'Select the file again to resume.' }).click()
    const again = page.getByRole('button', { name: 'Resume the upload of reloaded.bin' })
    await again.waitFor()
    await picture('unfinished')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), again.click()])
    await chooser.setFiles(join(tests.directory, 'reloaded.bin'))
    await reached(page, 'reloaded.bin', 'completed')
    expect(await tests.digestOf('reloaded.bin')).toBe(digest)
    expect(tests.net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
  })

  it('resume after a reload, when the same file is uploaded again', async () => {
    const { page } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'again.bin')
    const before = await reloadDuring(page, 'again.bin')
    const sent = tests.net.sent()
    await upload(page, join(tests.directory, 'again.bin'))
    await reached(page, 'again.bin', 'completed')
    expect(await tests.digestOf('again.bin')).toBe(digest)
    expect(tests.net.sent() - sent).toBeLessThan(LENGTH - before + OVERHEAD)
    await expect.poll(() => tests.unfinished(), { timeout: PATIENCE }).toEqual([])
  })

  it('wait until the user signs in again, and then resume', async () => {
    const { page, context, picture } = await tests.visit({ url: tests.net.url })
    const digest = await tests.begin(page, 'signed-out.bin')
    await uploadRow(page, 'signed-out.bin').getByRole('button', { name: 'Pause' }).click()
    await reached(page, 'signed-out.bin', 'paused')
    await context.clearCookies()
    await uploadRow(page, 'signed-out.bin').getByRole('button', { name: 'Resume' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign in again' })
    await dialog.waitFor()
    await picture('sign-in-again')
    tests.net.limit(null)
    await dialog.getByLabel('Password').fill('secret')
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await reached(page, 'signed-out.bin', 'completed')
    expect(await tests.digestOf('signed-out.bin')).toBe(digest)
  })
})
