import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { timeOf } from './time-of.ts'

it('timeOf counts the time that the work waits', async () => {
  expect(await timeOf(() => sleep(200))).toBeGreaterThan(150)
})

it('timeOf counts the time for which the work blocks the process', async () => {
  const time = await timeOf(async () => {
    const end = process.cpuUsage().user + 200_000
    while (process.cpuUsage().user < end);
  })
  expect(time).toBeGreaterThan(150)
})

it.skipIf(process.platform === 'win32')(
  'timeOf does not count the time for which the process is stopped',
  async () => {
    const { pid } = process
    const time = await timeOf(async () => {
      const command = `kill -STOP ${pid}; sleep 2; kill -CONT ${pid}`
      await once(spawn('sh', ['-c', command]), 'close')
    })
    expect(time).toBeLessThan(1_500)
  },
)
