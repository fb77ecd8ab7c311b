import { project } from '../vitest.shared.ts'

export default project('examples', { globalSetup: ['test/support/programs.ts'] })
