import type { HostOptions } from '../client/test-host.ts'
import type { ClientSession } from './client-session.ts'

/** The extensions of tus 1.0 that a server may offer. */
export type Extension =
  | 'creation'
  | 'creation-defer-length'
  | 'creation-with-upload'
  | 'expiration'
  | 'checksum'
  | 'checksum-trailer'
  | 'termination'
  | 'concatenation'
  | 'concatenation-unfinished'

/** The requirement level: a key word of RFC 2119, or `states` for a sentence without one. */
export type Level = 'MUST' | 'MUST NOT' | 'SHALL NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'states'

interface Rule {
  /** Unique, and stable once given. */
  readonly id: string
  /** A sentence of the specification, word for word, or of this project where the text is silent. */
  readonly sentence: string
  readonly level: Level | 'ours'
  /** What Tusker does where the text leaves a choice, and why. */
  readonly choice?: string
}

/** A rule that a client can observe. */
export interface ObservedRule<Session = ClientSession, Need extends string = Extension>
  extends Rule {
  /** The extension that the conversation needs. */
  readonly needs?: Need
  /** True if the result can differ between hosts: framing, 1xx, early responses, cut connections. */
  readonly dependsOnHost?: boolean
  /** The options of the server. */
  readonly options?: HostOptions
  /** Throws when the rule is broken. */
  run(talk: Session): Promise<void>
}

/** A rule for clients, or a rule that a client cannot observe. */
export interface UnobservedRule extends Rule {
  readonly run: null
  readonly reason: string
}

/** One rule, and the conversation that shows whether a server obeys it. */
export type Conversation<Session = ClientSession, Need extends string = Extension> =
  | ObservedRule<Session, Need>
  | UnobservedRule

/** The rules of one chapter of the text. */
export interface Chapter {
  /** The name of its file. */
  readonly name: string
  readonly conversations: readonly Conversation[]
}

/** The chapters that describe one part of the protocol: its core or one extension. */
export interface Part {
  readonly title: string
  readonly chapters: readonly Chapter[]
}
