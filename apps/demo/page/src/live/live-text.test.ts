import { expect, it } from 'vitest'
import type { LiveProgress } from './live-text.ts'
import { liveText } from './live-text.ts'

const half = { offset: 500, length: 1_000, speed: 0, idle: 0 }

it.each([
  [half, '50% · 500 B of 1 kB'],
  [{ ...half, speed: 2_500_000 }, '50% · 500 B of 1 kB · 2.5 MB/s'],
  [{ ...half, length: null }, '500 B so far'],
  [{ ...half, idle: 120_000 }, '50% · 500 B of 1 kB · idle 2 min'],
  [{ ...half, idle: 12_900, speed: 10 }, '50% · 500 B of 1 kB · idle 12 s'],
] satisfies [LiveProgress, string][])(
  'the list of uploads describes the progress %j as "%s"',
  (progress, text) => {
    expect(liveText(progress)).toBe(text)
  },
)
