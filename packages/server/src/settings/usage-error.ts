/** The settings cannot be used. The message has one line for each problem. */
export class UsageError extends Error {}
