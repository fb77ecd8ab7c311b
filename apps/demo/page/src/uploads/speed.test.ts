import { expect, it } from 'vitest'
import { speedMeter } from './speed.ts'

it('the speed is the growth over the last seconds', () => {
  const measured = speedMeter()
  for (let second = 0; second <= 20; second += 1) {
    const speed = second <= 10 ? 1_000 : 5_000
    measured.note(second <= 10 ? second * speed : 10_000 + (second - 10) * speed, second * 1_000)
  }
  expect(measured.at(20_000)).toBeCloseTo(5_000)
})

it('the speed falls while nothing arrives, and is 0 in the end', () => {
  const measured = speedMeter()
  measured.note(0, 0)
  measured.note(4_000, 2_000)
  expect(measured.at(2_000)).toBeCloseTo(2_000)
  expect(measured.at(4_000)).toBeCloseTo(1_000)
  expect(measured.at(60_000)).toBe(0)
})

it('the speed is steady however often the amount is noted', () => {
  const measured = speedMeter()
  for (let time = 0; time <= 5_000; time += 10) measured.note(time * 3, time)
  expect(measured.at(5_000)).toBeCloseTo(3_000, -2)
})

it('the speed is measured from zero after a reset, and after the amount has become smaller', () => {
  const measured = speedMeter()
  measured.note(0, 0)
  measured.note(1_000, 1_000)
  measured.reset()
  measured.note(1_000, 1_100)
  expect(measured.at(1_100)).toBe(0)
  measured.note(3_000, 2_100)
  measured.note(500, 2_200)
  expect(measured.at(2_200)).toBe(0)
})
