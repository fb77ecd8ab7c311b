/** Settings that cannot be used: a line for each. */
export class UsageError extends Error {}
