import { command } from '../../tsdown.shared.ts'

export default command(['src/main.ts'])
