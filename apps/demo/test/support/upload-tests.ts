import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { SIGNED_IN } from './demo-process.ts'
import { listenTo } from './event-stream.ts'
import { randomFile, sha256OfUrl } from './files.ts'
import type { Network } from './network.ts'
import { network } from './network.ts'
import type { PageTests, PageTestsOptions } from './page.ts'
import { PATIENCE, pageTests, upload } from './page.ts'

export const MEBIBYTE: number = 2 ** 20

/**
 * The length of the files that `begin` uploads, in bytes. The buffers of the connections can hold several MiB
 * that the browser has sent, and these still arrive when its page is gone.
 */
export const LENGTH: number = 24 * MEBIBYTE

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
   * Begins to upload a file, and waits until the server has a part of it. The network passes the first 4 MiB,
   * and then a quarter of a MiB each second: a slow machine has a minute to come to the middle of the test.
   * Returns the SHA-256 of the file.
   */
  begin(page: Page, name: string): Promise<string>
  /** The unfinished uploads of the demo. */
  unfinished(): Promise<readonly Listed[]>
  /** The offset of an unfinished upload; 0 if the demo has none of that name. */
  offsetOf(name: string): Promise<number>
  /** Lets the network pass the bytes that it holds of an upload whose page has stopped it. */
  settle(): Promise<void>
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

  const listed = async (): Promise<string> => JSON.stringify(await unfinished())

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
      net.limit(MEBIBYTE / 4, 4 * MEBIBYTE)
      await upload(page, path)
      await expect.poll(() => offsetOf(name), { timeout: PATIENCE }).toBeGreaterThan(2 * MEBIBYTE)
      return digest
    },
    async settle() {
      net.limit(null)
      await expect.poll(() => net.uploads(), { timeout: PATIENCE }).toBe(0)
      // The server may still read what its buffers hold. A client that resumed now would send bytes twice.
      let last = ''
      for (let now = await listed(); now !== last; now = await listed()) {
        last = now
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
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
