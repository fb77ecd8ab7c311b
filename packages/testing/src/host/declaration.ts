import type { BadInputOptions } from '../bad-input/describe-bad-input.ts'
import type { DraftOptions } from '../draft-spec/describe-draft.ts'
import type { TusOptions } from '../runner/describe-tus.ts'
import type { HostContractOptions } from './describe-host.ts'

/**
 * The tests of a host and its known limits. The tests of the host read them from here, and the table of
 * hosts in the README is generated from them.
 */
export interface HostDeclaration {
  /** The name that its users know, for example `Express`. */
  readonly name: string
  /** Packages of the host whose installed versions are tested: the ends of the range. */
  readonly packages?: readonly string[]
  /** The tested versions in words, for a host that is not a package. */
  readonly tested?: string
  /** When given, the host passes `describeHost`, except for these rules. */
  readonly contract?: Pick<HostContractOptions, 'skip'>
  /** When given, the host passes `describeTus`, except for these rules. */
  readonly tus?: TusOptions
  /** When given, the host passes `describeDraft` over HTTP/1.1, except for these rules. */
  readonly draft?: DraftOptions
  /** When given, the host passes `describeDraft` over HTTP/2, except for these rules. */
  readonly draftOverHttp2?: DraftOptions
  /** Why a host that sends 104 over HTTP/1.1 does not speak HTTP/2. */
  readonly noHttp2?: string
  /** Why the host sends no 104, when tests of its own show that uploads by the draft work without. */
  readonly noInterim?: string
  /** When given, the host passes `describeBadInput`, and refuses these requests itself. */
  readonly badInput?: Pick<BadInputOptions, 'hostRefuses'>
  /** When given, the host passes tests of its own, except for these, each with a reason. */
  readonly own?: Readonly<Record<string, string>>
}
