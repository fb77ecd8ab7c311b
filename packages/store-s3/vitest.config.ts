import { project } from '../../vitest.shared.ts'

export default project('store-s3', {
  globalSetup: [
    'test/support/ceph-setup.ts',
    '../store-redis/test/support/redis-setup.ts',
    'test/support/programs.ts',
  ],
})
