import { project } from '../../vitest.shared.ts'

export default project('store-redis', {
  globalSetup: ['test/support/redis-setup.mjs', 'test/support/programs.ts'],
  include: ['{src,test}/**/*.test.{ts,mjs}'],
})
