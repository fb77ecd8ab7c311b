import { project } from '../../vitest.shared.ts'

export default project('store-redis', {
  globalSetup: ['../../scripts/redis-setup.mjs', 'test/support/programs.ts'],
})
