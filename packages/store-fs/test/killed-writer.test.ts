import { existsSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startChild } from './support/child.ts'
import type { TempStore } from './support/open-in-temp.ts'
import { openInTemp } from './support/open-in-temp.ts'
import { ALONE, bodyOf, uploadOf } from './support/uploads.ts'

const KILLS = Number(process.env['TUSKER_KILLS'] ?? 6)
/** The bytes of each upload repeat this. `PATTERNS` is longer than any chunk that a store reads. */
const PATTERN = Uint8Array.from({ length: 251 }, (_, index) => index)
const PATTERNS = Buffer.alloc(2 ** 22, PATTERN)
const CAN_IDENTIFY = existsSync('/proc/self/stat')

describe.runIf(CAN_IDENTIFY)('a process that is killed during an append', () => {
  let opened: TempStore
  beforeEach(async () => {
    opened = await openInTemp()
  })
  afterEach(() => opened.dispose())

  it.each(['fast', 'fast alone'])(
    'nine tenths of the bytes survive when a process is killed during an append (%s)',
    {
      timeout: 30_000 + KILLS * 5_000,
    },
    async (mode) => {
      const survived: number[] = []
      for (let round = 0; round < KILLS; round += 1) {
        const id = `u${round}`
        await opened.store.create(uploadOf(id, { length: null }))
        const child = startChild(opened.directory, id, mode)
        let sent = 0
        child.child.on('message', (message: Readonly<Record<string, number>>) => {
          sent = message['sent'] ?? sent
        })
        await child.message()
        const enough = 4_000_000 + Math.random() * 8_000_000
        await expect.poll(() => sent, { timeout: 20_000, interval: 5 }).toBeGreaterThan(enough)
        await child.kill()

        const store = opened.reopen()
        const { offset = 0 } = (await store.find(id)) ?? {}
        survived.push(offset / sent)
        let at = 0
        for await (const chunk of store.read(id, 0, offset)) {
          const first = at % PATTERN.byteLength
          const expected = PATTERNS.subarray(first, first + chunk.byteLength)
          expect(Buffer.compare(chunk, expected)).toBe(0)
          at += chunk.byteLength
        }
        // They remain when the next writer appends its bytes.
        await store.append(id, offset, bodyOf(1, 10), ALONE)
        expect(await opened.reopen().find(id)).toMatchObject({ offset: offset + 10 })
      }
      const median = survived.sort((one, two) => one - two)[Math.floor(KILLS / 2)] ?? 0
      console.info(`survived (median of ${KILLS} kills, ${mode}): ${median.toFixed(3)}`)
      expect(median).toBeGreaterThan(0.9)
    },
  )
})
