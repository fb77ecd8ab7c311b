import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { Demo } from './demo-process.ts'
import { SIGNED_IN } from './demo-process.ts'
import { listenTo } from './event-stream.ts'

/** An unfinished upload, as the server lists it. */
export interface Listed {
  readonly fileName: string
  readonly offset: number
}

/** The unfinished uploads of the demo. */
export async function unfinishedUploads(demo: Demo): Promise<readonly Listed[]> {
  const stream = await listenTo(`${demo.url}/uploads/events`, SIGNED_IN)
  const first = await stream.next()
  stream.close()
  return first?.data as readonly Listed[]
}

/** The offset of an unfinished upload; 0 if the demo has none of that name. */
export async function offsetOfUpload(demo: Demo, name: string): Promise<number> {
  return (await unfinishedUploads(demo)).find(({ fileName }) => fileName === name)?.offset ?? 0
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
