// src/routes/files/[...path]/+server.ts
import { fetchHandler } from '@tusker/adapter-fetch'
import { fsStore } from '@tusker/store-fs'

interface Event {
  readonly request: Request
  readonly locals: { readonly user?: string }
}

const handler = fetchHandler({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
  hooks: { identify: ({ locals }: Event) => locals.user ?? null },
})

export const fallback = (event: Event) => handler(event.request, event)
