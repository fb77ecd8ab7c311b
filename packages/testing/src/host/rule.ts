import type { HostStage, stagesOn } from './host-under-test.ts'

/** A rule of the host contract. */
export interface HostRule {
  readonly title: string
  /** The options of the server and the settings of the host. */
  readonly options?: Parameters<ReturnType<typeof stagesOn>>[0]
  play(stage: HostStage): Promise<void>
}
