import { project } from '../../vitest.shared.ts'

// A test replaces `node:fs/promises`: its file must not share modules with others.
export default project('store-fs', {
  isolate: true,
  globalSetup: ['test/support/programs.ts'],
})
