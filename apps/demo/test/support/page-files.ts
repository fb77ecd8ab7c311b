import type { Locator, Page } from 'playwright-core'
import { crc32, deflateSync } from 'node:zlib'

/** A drop of files and folders. */
export interface Drop {
  /** Paths of files and folders. */
  readonly paths: readonly string[]
  /** Runs while they are over the target. */
  readonly over?: () => Promise<void>
}

/** Drags files and folders from outside the browser onto the middle of an element. */
export async function dropOn(page: Page, target: Locator, { paths, over }: Drop): Promise<void> {
  const box = await target.boundingBox()
  if (box === null) throw new Error('the target of the drop is not visible')
  const place = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 200) }
  const client = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  await client.send('Input.dispatchDragEvent', { type: 'dragEnter', ...place, data })
  await client.send('Input.dispatchDragEvent', { type: 'dragOver', ...place, data })
  await over?.()
  await client.send('Input.dispatchDragEvent', { type: 'drop', ...place, data })
  await client.detach()
}

const COLOURS = { red: [255, 0, 0], blue: [0, 0, 255] } as const

/** A PNG of 8 by 8 pixels. */
export function pixels(colour: keyof typeof COLOURS): Uint8Array {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(8, 0)
  head.writeUInt32BE(8, 4)
  head.set([8, 2, 0, 0, 0], 8)
  const row = [0, ...Array.from({ length: 8 }, () => COLOURS[colour]).flat()]
  const rows = Buffer.from(Array.from({ length: 8 }, () => row).flat())
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  const parts = [
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]
  return Buffer.concat([signature, ...parts])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.byteLength)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}

/** The width of an image once the browser has loaded it; 0 before. */
export function widthOf(picture: Locator): Promise<unknown> {
  return picture.evaluate((img) => ('naturalWidth' in img ? img.naturalWidth : 0))
}

/** The outlined drop targets: "the page" for the open folder, else the names of rows. */
export function outlined(page: Page): Promise<string[]> {
  return page
    .locator('.drop-zone.dropping, .drop-target')
    .evaluateAll((places) =>
      places.map((place) =>
        place.classList.contains('dropping')
          ? 'the page'
          : (place.getAttribute('data-folder') ?? ''),
      ),
    )
}
