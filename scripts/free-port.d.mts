/** A port on which no program listens, outside the range of outgoing connections. */
export function freePort(): Promise<number>

/** Starts a program on a free port, and on another one when a second program was faster. */
export function onFreePort<T>(start: (port: number) => Promise<T>): Promise<T>
