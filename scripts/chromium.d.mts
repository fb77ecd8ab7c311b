/** The path of a Chromium that answers, or null. */
export function findChromium(): string | null
/** Like `findChromium`, installing it first when this is a Debian and we are root. */
export function ensureChromium(): string | null
