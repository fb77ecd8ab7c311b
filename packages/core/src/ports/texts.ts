/** A text at one moment. */
export interface VersionedText {
  readonly text: string
  /** Differs for any two writes of the text. */
  readonly version: string
  /** Milliseconds between its last write and this read, by the clock of the place that keeps it. */
  readonly age: number
}

/**
 * Keeps a text for each id, for a store that changes its records by compare and swap. All processes then see
 * the same texts, and a stale holder, which knows an older version, cannot change one.
 */
export interface VersionedTexts {
  /** Resolves to null when there is no text. */
  read(id: string): Promise<VersionedText | null>

  /**
   * Writes a text if it still has `version`, or if `version` is null and there is no text.
   *
   * Resolves to the new version, and to null when another caller changed the text. The caller must read the
   * text after null, and after an error: the answer to its own write may have been lost.
   */
  write(id: string, text: string, version: string | null): Promise<string | null>

  /** Does nothing when there is no text. */
  remove(id: string): Promise<void>

  /** The ids of all texts, in any order. It may miss texts that are created or removed meanwhile. */
  list(): AsyncIterable<string>
}
