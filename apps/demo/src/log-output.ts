/** Where the log goes. */
export interface LogOutput {
  write(line: string): void
  /** Resolves when the reader has all lines, or takes too long. */
  flushed(): Promise<void>
}

/** Bytes of lines that may wait for a reader that is slow or has stopped. */
const ROOM = 8 * 1024 * 1024
const WARN = 40
/** Milliseconds that the end of the process waits for its reader. */
const PATIENCE = 1_000

/**
 * The log on standard error. A reader that stops does not stop the server: lines wait in memory, and when too many
 * wait they are dropped. A line then says how many.
 */
export function logOutput(stream: NodeJS.WriteStream = process.stderr, room = ROOM): LogOutput {
  let dropped = 0
  // A reader that closes its end must not end the server either.
  stream.on('error', () => {})
  return {
    write(line) {
      if (stream.writableLength > room) {
        dropped += 1
        return
      }
      if (dropped > 0) {
        const msg = `${dropped} lines of the log were dropped, because nothing read them`
        stream.write(`${JSON.stringify({ level: WARN, time: Date.now(), msg })}\n`)
      }
      dropped = 0
      stream.write(line)
    },
    flushed: () =>
      new Promise((resolve) => {
        setTimeout(resolve, PATIENCE).unref()
        stream.write('', () => resolve())
      }),
  }
}
