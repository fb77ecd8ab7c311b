import type { HostStage, stagesOn } from './host-under-test.ts'

/** A rule of the host contract. */
export interface HostRule {
  readonly title: string
  /** The server's options, and what is asked of the host. */
  readonly options?: Parameters<ReturnType<typeof stagesOn>>[0]
  play(stage: HostStage): Promise<void>
}
