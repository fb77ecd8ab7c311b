import { project } from '../../vitest.shared.ts'

export default project('server', { globalSetup: ['test/support/bundle-command.ts'] })
