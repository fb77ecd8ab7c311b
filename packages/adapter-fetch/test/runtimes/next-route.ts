import { fetchHandler } from '@tusker/adapter-fetch'
import { uploadServer } from './uploads.ts'

type Route = (request: Request) => Promise<Response>

const handler: Route = fetchHandler(uploadServer<Request>())

export const GET: Route = handler
export const HEAD: Route = handler
export const POST: Route = handler
export const PUT: Route = handler
export const PATCH: Route = handler
export const DELETE: Route = handler
export const OPTIONS: Route = handler
