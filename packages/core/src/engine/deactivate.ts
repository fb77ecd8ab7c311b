import type { Session } from './ports.ts'

/** Removes an upload after its client sent too much content. Rejects it if the store cannot remove. */
export async function deactivate<Context>(
  { ports, lease }: Session<Context>,
  id: string,
): Promise<void> {
  const { store } = ports
  if (store.remove === undefined) {
    const outcome = { kind: 'rejected', message: 'the content went beyond its length' } as const
    await store.finish(id, outcome, lease.token)
    return
  }
  await store.remove(id, lease.token)
  ports.emit({ type: 'removed', id, reason: 'terminated' })
}
