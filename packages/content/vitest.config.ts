import { project } from '../../vitest.shared.ts'

export default project('content', { globalSetup: ['test/support/programs.ts'] })
