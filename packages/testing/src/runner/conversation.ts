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

/** How strongly the text puts it: its key word (RFC 2119), or that it states something without one. */
export type Level = 'MUST' | 'MUST NOT' | 'SHALL NOT' | 'SHOULD' | 'SHOULD NOT' | 'MAY' | 'states'

interface Rule {
  /** Unique, and stable once given. */
  readonly id: string
  /** A sentence of the specification as it stands there, or what this project says where it is silent. */
  readonly sentence: string
  readonly level: Level | 'ours'
  /** What is done where the text leaves something open, and why. */
  readonly choice?: string
}

/** A rule that shows in what a server answers. */
export interface ObservedRule extends Rule {
  /** What the server must offer for the conversation to make sense. */
  readonly needs?: Extension
  /** How the server is set up for it. */
  readonly options?: HostOptions
  /** Throws when the rule is broken. */
  run(talk: ClientSession): Promise<void>
}

/** A rule that binds clients alone, or that nobody outside can see broken. */
export interface UnobservedRule extends Rule {
  readonly run: null
  readonly reason: string
}

/** One rule, and the conversation that shows whether a server keeps it. */
export type Conversation = ObservedRule | UnobservedRule

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
