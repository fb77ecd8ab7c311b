import { project } from '../../vitest.shared.ts'

export default project('store-redis', {
  globalSetup: ['test/support/redis-setup.ts', 'test/support/programs.ts'],
})
