import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { control, settings } from './support/control.ts'
import { plainFiles } from './support/plain-files.ts'

const answer = plainFiles(settings.directory)
const app = new Hono()

async function plain({ method, url, headers, body }: Request): Promise<Response> {
  const header = (name: string): string | undefined => headers.get(name) ?? undefined
  const bytes = (body ?? []) as unknown as AsyncIterable<Uint8Array>
  const path = new URL(url).pathname
  const response = await answer({ method, path, header, body: bytes })
  return new Response(null, { status: response.status, headers: response.headers })
}

app.all('/files', (c) => plain(c.req.raw))
app.all('/files/*', (c) => plain(c.req.raw))
await control(createAdaptorServer({ fetch: app.fetch }))
