import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { SIGNED_IN } from './demo-process.ts'
import { listenTo } from './event-stream.ts'
import { randomFile, sha256OfUrl } from './files.ts'
import type { Network } from './network.ts'
import { network } from './network.ts'
import type { PageTests, PageTestsOptions } from './page.ts'
import { pageTests, upload } from './page.ts'

export const MEBIBYTE: number = 2 ** 20

/** The length of the files that `begin` uploads, in bytes. */
export const LENGTH: number = 12 * MEBIBYTE

/** Bytes that a client sends besides those of a file: heads of requests, and the page itself. */
export const OVERHEAD: number = 2 ** 20

/** An unfinished upload, as the server lists it. */
export interface Listed {
  readonly fileName: string
  readonly offset: number
}

/** The demo, a browser, and a network between them that can be slow or lost. */
export interface UploadTests extends PageTests {
  readonly net: Network
  /**
   * Begins to upload a file over a slow network, and waits until the server has a part of it.
   * Returns the SHA-256 of the file.
   */
  begin(page: Page, name: string): Promise<string>
  /** The unfinished uploads of the demo. */
  unfinished(): Promise<readonly Listed[]>
  /** The offset of an unfinished upload; 0 if the demo has none of that name. */
  offsetOf(name: string): Promise<number>
  /** The offset of an unfinished upload once it has stopped to grow. */
  finalOffset(name: string): Promise<number>
  /** The SHA-256 of a completed file. */
  digestOf(name: string): Promise<string>
}

/** Starts the demo, a browser, and the network. */
export async function uploadTests(options: PageTestsOptions): Promise<UploadTests> {
  const tests = await pageTests(options)
  const net = await network(tests.demo.port)

  async function unfinished(): Promise<readonly Listed[]> {
    const stream = await listenTo(`${tests.demo.url}/uploads/events`, SIGNED_IN)
    const first = await stream.next()
    stream.close()
    return first?.data as readonly Listed[]
  }

  async function offsetOf(name: string): Promise<number> {
    return (await unfinished()).find(({ fileName }) => fileName === name)?.offset ?? 0
  }

  return {
    ...tests,
    net,
    unfinished,
    offsetOf,
    async clear() {
      net.restore()
      net.limit(null)
      await tests.clear()
    },
    async begin(page, name) {
      const path = join(tests.directory, name)
      const digest = await randomFile(path, LENGTH)
      net.limit(3 * MEBIBYTE)
      await upload(page, path)
      await expect.poll(() => offsetOf(name), { timeout: 20_000 }).toBeGreaterThan(MEBIBYTE)
      // The upload must not complete before a slow machine has come to the middle of the test.
      net.limit(MEBIBYTE / 4)
      return digest
    },
    async finalOffset(name) {
      // Bytes that the network has taken still arrive.
      net.limit(3 * MEBIBYTE)
      let last = -1
      for (let now = await offsetOf(name); now !== last; now = await offsetOf(name)) {
        last = now
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
      return last
    },
    digestOf: (name) => sha256OfUrl(`${tests.demo.url}/content/${name}`, SIGNED_IN),
    async endVisits(after) {
      net.limit(null)
      await tests.endVisits(after)
    },
    async end() {
      await net.close()
      await tests.end()
    },
  }
}

/** Leaves a page that asks first, as it must while it uploads. */
export async function acceptLeaving(page: Page, leave: () => Promise<unknown>): Promise<void> {
  const asked: string[] = []
  page.on('dialog', (dialog) => {
    asked.push(dialog.type())
    void dialog.accept()
  })
  await leave()
  expect(asked).toEqual(['beforeunload'])
}
