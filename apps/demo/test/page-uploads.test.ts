import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cuttingProxy } from './support/cutting-proxy.ts'
import { SIGNED_IN } from './support/demo-process.ts'
import { listenTo } from './support/event-stream.ts'
import { randomFile, sha256OfUrl } from './support/files.ts'
import type { Network } from './support/network.ts'
import { network } from './support/network.ts'
import type { PageTests } from './support/page.ts'
import { hasBrowser, item, pageTests, reached, upload, uploadRow } from './support/page.ts'

const USERS = {
  users: { admin: 'secret', bob: 'secret' },
  rights: {
    '/': { admin: ['view', 'add', 'modify', 'manage'], bob: ['view', 'add', 'modify'] },
  },
}
const MEBIBYTE = 2 ** 20
const LENGTH = 12 * MEBIBYTE
/** What is sent besides the bytes of a file: heads of requests, the page itself. */
const REST = MEBIBYTE

describe.skipIf(!hasBrowser)('uploads on the page', { timeout: 90_000 }, () => {
  let tests: PageTests
  let net: Network
  beforeAll(async () => {
    tests = await pageTests({ users: USERS })
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

  /** Begins to upload a file over a slow network, and waits until some of it has come to count. */
  async function begin(page: Page, name: string): Promise<string> {
    const path = join(tests.directory, name)
    const digest = await randomFile(path, LENGTH)
    net.limit(3 * MEBIBYTE)
    await upload(page, path)
    await expect.poll(() => offsetOf(name), { timeout: 20_000 }).toBeGreaterThan(MEBIBYTE)
    // It must not be complete before a slow machine has done what is to happen in the middle of it.
    net.limit(MEBIBYTE / 4)
    return digest
  }

  interface Listed {
    readonly fileName: string
    readonly offset: number
  }

  async function unfinished(): Promise<readonly Listed[]> {
    const stream = await listenTo(`${tests.demo.url}/uploads/events`, SIGNED_IN)
    const first = await stream.next()
    stream.close()
    return first?.data as readonly Listed[]
  }

  async function offsetOf(name: string): Promise<number> {
    return (await unfinished()).find(({ fileName }) => fileName === name)?.offset ?? 0
  }

  const digestOf = (name: string): Promise<string> =>
    sha256OfUrl(`${tests.demo.url}/content/${name}`, SIGNED_IN)

  it('show how far they are, how fast, and how long they take; pause, and go on', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'paused.bin')
    const row = uploadRow(page, 'paused.bin')
    await row.filter({ hasText: /\d+ % of .*B · .*\/s · .* left/ }).waitFor()
    const bar = row.getByRole('progressbar', { name: 'paused.bin' })
    expect(Number(await bar.getAttribute('value'))).toBeGreaterThan(0)
    await picture('uploading')

    await row.getByRole('button', { name: 'Pause paused.bin' }).click()
    await reached(page, 'paused.bin', 'paused')
    await picture('paused')
    const before = await stillOffset('paused.bin')
    expect(before).toBeLessThan(LENGTH)
    const sent = net.sent()
    net.limit(null)
    await row.getByRole('button', { name: 'Resume paused.bin' }).click()
    await reached(page, 'paused.bin', 'completed')
    expect(await digestOf('paused.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + REST)
  })

  /** The offset once it has stopped to grow. */
  async function stillOffset(name: string): Promise<number> {
    // What is on its way still arrives.
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
    const paths = names.map((name) => join(tests.directory, name))
    for (const path of paths) await randomFile(path, 100)
    const { page, picture } = await tests.visit()
    await upload(page, ...paths)
    await item(page, 'small-0.bin').waitFor()
    await picture('listed-while-sending')
    const title = page.getByRole('region', { name: 'Uploads' }).getByRole('heading')
    expect(await title.innerText()).toMatch(/^Uploading/)
  })

  it('are cancelled here and on the server', async () => {
    const { page } = await tests.visit({ url: net.url })
    await begin(page, 'cancelled.bin')
    await uploadRow(page, 'cancelled.bin')
      .getByRole('button', { name: 'Cancel cancelled.bin', exact: true })
      .click()
    await uploadRow(page, 'cancelled.bin').waitFor({ state: 'detached' })
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
  })

  it('go on after the network was cut three times in 100 MiB', async () => {
    const proxy = await cuttingProxy({ target: tests.demo.port, every: 25 * MEBIBYTE, cuts: 3 })
    try {
      const path = join(tests.directory, 'cut.bin')
      const digest = await randomFile(path, 100 * MEBIBYTE)
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

  it('say that the network is lost, and go on where they were when it is back', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'lost.bin')
    net.lose()
    await reached(page, 'lost.bin', 'trying')
    await page.getByRole('status').filter({ hasText: 'Connection lost' }).waitFor()
    await picture('connection-lost')
    const before = await offsetOf('lost.bin')
    const sent = net.sent()
    net.limit(null)
    net.restore()
    await reached(page, 'lost.bin', 'completed')
    await page
      .getByRole('status')
      .filter({ hasText: 'Connection lost' })
      .waitFor({ state: 'detached' })
    expect(await digestOf('lost.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + REST)
  })

  it('go on after the server was killed and started again', async () => {
    const { page } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'killed.bin')
    await tests.demo.end('SIGKILL')
    try {
      await reached(page, 'killed.bin', 'trying')
    } finally {
      await tests.demo.start()
    }
    const before = await offsetOf('killed.bin')
    expect(before).toBeGreaterThan(0)
    const sent = net.sent()
    net.limit(null)
    await reached(page, 'killed.bin', 'completed')
    expect(await digestOf('killed.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + REST)
  })

  /** Loads the page anew in the middle of an upload, and says how much of it is there by then. */
  async function reloadWithin(page: Page, name: string): Promise<number> {
    const asked: string[] = []
    page.on('dialog', (dialog) => {
      asked.push(dialog.type())
      void dialog.accept()
    })
    await page.reload()
    expect(asked).toEqual(['beforeunload'])
    return stillOffset(name)
  }

  it('go on after the page was loaded anew, from the list of unfinished ones', async () => {
    const { page, picture } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'reloaded.bin')
    const before = await reloadWithin(page, 'reloaded.bin')
    const sent = net.sent()
    net.limit(null)
    await page.goto(`${net.url}/#uploads`)
    const again = page.getByRole('button', { name: 'Choose reloaded.bin again to go on' })
    await again.waitFor()
    await picture('left-behind')
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), again.click()])
    await chooser.setFiles(join(tests.directory, 'reloaded.bin'))
    await reached(page, 'reloaded.bin', 'completed')
    expect(await digestOf('reloaded.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + REST)
  })

  it('go on after the page was loaded anew, when the file is simply uploaded again', async () => {
    const { page } = await tests.visit({ url: net.url })
    const digest = await begin(page, 'again.bin')
    const before = await reloadWithin(page, 'again.bin')
    const sent = net.sent()
    net.limit(null)
    await upload(page, join(tests.directory, 'again.bin'))
    await reached(page, 'again.bin', 'completed')
    expect(await digestOf('again.bin')).toBe(digest)
    expect(net.sent() - sent).toBeLessThan(LENGTH - before + REST)
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
  })

  it('are seen in another tab, and by whoever manages the place, who can end them', async () => {
    const bob = await tests.visit({ url: net.url, user: { name: 'bob', password: 'secret' } })
    await begin(bob.page, 'ended.bin')
    const other = await bob.tab('uploads')
    const bar = other.getByRole('main').getByRole('progressbar', { name: /ended\.bin/ })
    const first = Number(await bar.getAttribute('value'))
    const now = async (): Promise<number> => Number(await bar.getAttribute('value'))
    await expect.poll(now, { timeout: 20_000 }).toBeGreaterThan(first)

    const { page, picture } = await tests.visit({ at: 'uploads' })
    const row = page.getByRole('listitem').filter({ hasText: 'ended.bin' })
    await row.getByText('bob').waitFor()
    await picture('live-list')
    await row.getByRole('button', { name: 'End the upload of ended.bin' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click()
    await page.getByText('Nothing is on its way').waitFor()
    await other.getByText('Nothing is on its way').waitFor()
    await reached(bob.page, 'ended.bin', 'failed')
    await uploadRow(bob.page, 'ended.bin').filter({ hasText: 'was ended on the server' }).waitFor()
    await bob.picture('ended-by-somebody')
    await expect.poll(unfinished, { timeout: 20_000 }).toEqual([])
  })

  it('wait for whoever has to sign in again', async () => {
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
