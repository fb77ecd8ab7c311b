import { project } from '../../vitest.shared.ts'

export default project('demo', {
  globalSetup: ['test/support/build-page.ts'],
  include: ['{src,test,page/src}/**/*.test.ts'],
})
