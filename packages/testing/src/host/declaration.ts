import type { BadInputOptions } from '../bad-input/describe-bad-input.ts'
import type { TusOptions } from '../runner/describe-tus.ts'
import type { HostContractOptions } from './describe-host.ts'

/**
 * What a host is tested by, and what it cannot do. Its tests take it from here and leave that out;
 * the table of hosts in the README is made from it.
 */
export interface HostDeclaration {
  /** As its users call it, for example `Express`. */
  readonly name: string
  /** Packages of the host whose installed versions are tested: the ends of the range. */
  readonly packages?: readonly string[]
  /** Where versions are not those of packages: what is tested, in words. */
  readonly tested?: string
  /** Given: it passes `describeHost`, but for this. */
  readonly contract?: Pick<HostContractOptions, 'skip'>
  /** Given: it passes `describeTus`, but for this. */
  readonly tus?: TusOptions
  /** Given: it passes `describeBadInput`, and refuses this itself. */
  readonly badInput?: Pick<BadInputOptions, 'hostRefuses'>
  /** Given: it passes tests of its own, but for these, each with the reason. */
  readonly own?: Readonly<Record<string, string>>
}
