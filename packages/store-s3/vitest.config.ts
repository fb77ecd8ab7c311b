import { project } from '../../vitest.shared.ts'

export default project('store-s3', {
  globalSetup: [
    'test/support/ceph-setup.ts',
    '../../scripts/redis-setup.mjs',
    'test/support/programs.ts',
  ],
})
