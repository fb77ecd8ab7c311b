/**
 * Passes short messages between the processes that serve the same uploads. A message may get lost, so it only
 * makes something faster: a locker that hears nothing still looks by itself.
 */
export interface Messages {
  /** Sends a message to the listeners of all processes. A message that cannot be sent is dropped. */
  send(message: string): void
  /**
   * Calls `listener` with each message of each process, this one included, until the result is called.
   * Rejects when the messages cannot be received.
   */
  listen(listener: (message: string) => void): Promise<() => void>
}
