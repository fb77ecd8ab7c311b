/** The directory of Ceph's programs, fetched first where that is needed. Throws what to do else. */
export function ensureCeph(): string
/** The variables with which the programs in `root` find their libraries. */
export function cephEnvironment(root: string): Record<string, string>
