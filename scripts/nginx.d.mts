/** The path of an nginx that answers, fetched where that is possible; else the reason why there is none. */
export function findNginx():
  | { readonly path: string; readonly reason: null }
  | { readonly path: null; readonly reason: string }

/** Runs nginx with what is to stand in its `http` block, and waits until it takes connections. */
export function startNginx(
  path: string,
  settings: { readonly directory: string; readonly http: string; readonly port: number },
): Promise<{
  /** What it has told of errors so far. */
  log(): string
  stop(): Promise<void>
}>
