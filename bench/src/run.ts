import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientOf } from './client.ts'
import type { Report } from './report.ts'
import type { Work } from './works.ts'
import { works } from './works.ts'

const ROUNDS = Number(process.env['ROUNDS'] ?? 3)
const SIDES = ['floor', 'tusker'] as const

for (const work of works) {
  const spent: Record<(typeof SIDES)[number], number[]> = { floor: [], tusker: [] }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of SIDES) spent[side].push(await measure(side, work))
  }
  const floor = median(spent.floor)
  const tusker = median(spent.tusker)
  const shown = (value: number): string => value.toFixed(0).padStart(6)
  console.log(
    `${work.title.padEnd(32)} floor ${shown(floor)}  tusker ${shown(tusker)} ${work.unit.padEnd(10)}` +
      `  ${(tusker / floor).toFixed(2)} times`,
  )
}

/** The CPU time of one server for one work, after a warm-up that does not count. */
async function measure(side: string, work: Work): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'tusker-bench-'))
  const child = fork(join(import.meta.dirname, `${side}.ts`), [directory], {
    execArgv: ['--import', 'tsx'],
  })
  const told = async (): Promise<Report> => ((await once(child, 'message')) as [Report])[0]
  const spentBy = async (): Promise<number> => {
    const answer = told()
    child.send('cpu')
    const report = await answer
    return 'cpu' in report ? report.cpu : Number.NaN
  }
  try {
    const report = await told()
    const client = clientOf('port' in report ? report.port : 0)
    if (work.unit === 'us each') await work.run(client)
    const before = await spentBy()
    await work.run(client)
    const micros = (await spentBy()) - before
    client.close()
    return work.unit === 'us each' ? micros / work.count : micros / 1_000 / work.count
  } finally {
    child.kill('SIGKILL')
    await once(child, 'exit')
    await rm(directory, { recursive: true, force: true })
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
