// The command `npm run bench:growth`: the cost of operations with many uploads and with long ones.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Cost } from './growth/cost.ts'
import { sumOf } from './growth/cost.ts'
import type { LongUpload } from './growth/long-uploads.ts'
import { longUpload } from './growth/long-uploads.ts'
import type { ManyUploads } from './growth/many-uploads.ts'
import { manyUploads } from './growth/many-uploads.ts'
import { MIB } from './works/sizes.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    shared: { type: 'boolean', default: false },
    directory: { type: 'string', default: tmpdir() },
  },
})
const counts = values.quick ? [100, 1_000, 10_000] : [100, 10_000, 100_000]
const lengths = values.quick ? [1, 64, 1_024] : [1, 100, 1_024, 10_240]
/** Uploads, and operations of each kind, before anything is measured. */
const WARM_UP = 10_000
const directory = await mkdtemp(join(values.directory, 'tusker-growth-'))

try {
  console.log(values.shared ? 'fsStore with fileLocker' : 'fsStore, one process')
  console.log('\nmicroseconds of CPU (of which in the system) for each operation')
  console.log('turn: the longest turn of the event loop, in ms of the clock (of CPU time)\n')
  // A process does its first thousands of operations before its code is compiled.
  await manyUploads(join(directory, 'warm-up'), WARM_UP, values.shared)
  for (const count of counts) {
    show(await manyUploads(join(directory, `many-${count}`), count, values.shared))
  }
  console.log('')
  await longUpload(join(directory, 'warm-up-long'), 256 * MIB, values.shared)
  for (const length of lengths) {
    const place = join(directory, `long-${length}`)
    showLength(await longUpload(place, length * MIB, values.shared))
    // One large file, whose deletion costs nothing later.
    // Processes of a shared directory write to it until they end.
    await rm(place, { recursive: true, force: true, maxRetries: 5 })
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}

function show({ uploads, costs }: ManyUploads): void {
  const cells = Object.entries(costs).map(([name, cost]) => `${name} ${text(cost)}`)
  const turns = `turn: list ${turnOf(costs.list)}, sweep ${turnOf(costs.sweep)}`
  console.log(`${String(uploads).padStart(7)} uploads   ${cells.join('   ')}   ${turns}`)
}

function showLength({ mebibytes, filling, plain, head, patch }: LongUpload): void {
  const cells = [
    `each MiB ${text(filling)}`,
    `plain file ${text(plain)}`,
    `ratio ${(sumOf(filling) / sumOf(plain)).toFixed(2)}`,
    `HEAD ${text(head)}`,
    `PATCH of 4 KiB ${text(patch)}`,
  ]
  console.log(`${String(mebibytes).padStart(7)} MiB       ${cells.join('   ')}`)
}

function text(cost: Cost): string {
  return `${sumOf(cost).toFixed(1)} (${cost.system.toFixed(1)})`
}

function turnOf({ turn }: Cost): string {
  return `${turn.wall.toFixed(0)} (${turn.cpu.toFixed(0)}) ms`
}
