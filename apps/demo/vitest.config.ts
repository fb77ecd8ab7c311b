import { project } from '../../vitest.shared.ts'

export default project('demo', {
  globalSetup: [
    'test/support/build-demo.ts',
    '../../packages/store-redis/test/support/redis-setup.ts',
  ],
  include: ['{src,test,page/src}/**/*.test.ts'],
})
