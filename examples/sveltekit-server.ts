// src/routes/files/[...path]/+server.ts
import { fetchHandler } from '@tusker/adapter-fetch'
import { createUploadServer } from '@tusker/core'
import { fsStore } from '@tusker/store-fs'

interface Event {
  readonly request: Request
  readonly locals: { readonly user?: string }
}

const uploads = createUploadServer<Event>({
  path: '/files',
  store: fsStore({ directory: './uploads' }),
  hooks: { identify: ({ locals }) => locals.user ?? null },
})
const handler = fetchHandler(uploads)

export const fallback = (event: Event) => handler(event.request, event)
