import { project } from '../../vitest.shared.ts'

export default project('store-redis', {
  globalSetup: ['../../scripts/redis-setup.mjs'],
  // Most of these tests wait for time to pass, so two files at once are quicker also on two cores.
  maxWorkers: 2,
  sequence: { groupOrder: 1 },
})
