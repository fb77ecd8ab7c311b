// The command `npm run bench:growth`: the cost of operations with many uploads and with long ones.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
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
const directory = await mkdtemp(join(values.directory, 'tusker-growth-'))

try {
  console.log(values.shared ? 'fsStore with fileLocker' : 'fsStore, one process')
  console.log('\nmicroseconds of CPU for each operation\n')
  // A process does its first thousands of operations before its code is compiled.
  await manyUploads(join(directory, 'warm-up'), 1_000, values.shared)
  for (const count of counts) {
    show(await manyUploads(join(directory, `many-${count}`), count, values.shared))
  }
  console.log('')
  for (const length of lengths) {
    const place = join(directory, `long-${length}`)
    showLength(await longUpload(place, length * MIB, values.shared))
    // One large file, whose deletion costs nothing later.
    await rm(place, { recursive: true, force: true })
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}

function show({ uploads, costs }: ManyUploads): void {
  const cells = Object.entries(costs).map(([name, { each }]) => `${name} ${each.toFixed(1)}`)
  const blocks = `blocked: list ${costs.list.block.toFixed(0)} ms, sweep ${costs.sweep.block.toFixed(0)} ms`
  console.log(`${String(uploads).padStart(7)} uploads   ${cells.join('   ')}   ${blocks}`)
}

function showLength({ mebibytes, perMebibyte, head, patch }: LongUpload): void {
  const cells = [
    `each MiB ${perMebibyte.toFixed(0)}`,
    `HEAD ${head.toFixed(1)}`,
    `PATCH of 4 KiB ${patch.toFixed(1)}`,
  ]
  console.log(`${String(mebibytes).padStart(7)} MiB       ${cells.join('   ')}`)
}
