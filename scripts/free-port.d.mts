/** How much higher a second port has to be free, too; 0 when none has to. */
interface Needs {
  readonly also?: number
}

/** A port that nobody listens on, and that no outgoing connection gets. */
export function freePort(needs?: Needs): Promise<number>

/** Starts something on a free port, and on another one when its failure says that this was taken. */
export function onFreePort<T>(start: (port: number) => Promise<T>, needs?: Needs): Promise<T>
