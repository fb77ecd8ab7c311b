import { expect, it } from 'vitest'
import { differenceOf } from './resume-from-file.ts'

const upload = { fileName: 'big.bin', length: 200_000_000 }

it('an upload can be resumed with a file of the same name and length', () => {
  expect(differenceOf({ name: 'big.bin', size: 200_000_000 }, upload)).toBeNull()
})

it('an upload cannot be resumed with a file of another length', () => {
  expect(differenceOf({ name: 'big.bin', size: 20_000_000 }, upload)).toBe(
    "That's a different file (20 MB). Select big.bin (200 MB) to resume.",
  )
})

it('an upload cannot be resumed with a file of another name', () => {
  expect(differenceOf({ name: 'other.bin', size: 200_000_000 }, upload)).toBe(
    "That's a different file (other.bin). Select big.bin to resume.",
  )
})
