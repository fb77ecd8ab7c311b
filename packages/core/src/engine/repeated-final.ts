import type { UploadInfo } from '../model/upload.ts'
import type { Caller, CreateCommand } from './commands.ts'
import { isExpired } from './expiry.ts'
import { authorize } from './find-authorized.ts'
import type { Ports } from './ports.ts'

/** Identifies a request for a final upload: the same owner, parts in the same order, and metadata. */
export async function finalRequest<Context>(
  { hooks }: Ports<Context>,
  { concatenation, metadata }: CreateCommand,
  caller: Caller<Context>,
): Promise<string | null> {
  if (concatenation?.kind !== 'final') return null
  const owner = caller.context === null ? null : ((await hooks.identify?.(caller.context)) ?? null)
  return JSON.stringify([owner, concatenation.parts, metadata])
}

/**
 * The id of the final upload that a request creates. It is computed from the request. So a client that lost
 * the response and sends the request again finds the same upload, in any process and after a restart.
 */
export async function idOfFinal(request: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(request))
  return [...new Uint8Array(digest, 0, 16)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}

/** The final upload that an earlier, equal request created; null if there is none. */
export async function repeatedFinal<Context>(
  ports: Ports<Context>,
  request: string,
  caller: Caller<Context>,
): Promise<UploadInfo | null> {
  const id = ports.finals.idFor(request) ?? (await idOfFinal(request))
  const upload = await ports.store.find(id)
  if (upload === null || upload.outcome?.kind === 'rejected' || !isOf(upload, request)) return null
  if (isExpired(ports.limits, upload)) return null
  await authorize(ports, 'create', upload, caller)
  return upload
}

function isOf({ owner, concatenation }: UploadInfo, request: string): boolean {
  if (concatenation?.kind !== 'final') return false
  const [asked, parts] = JSON.parse(request) as [string | null, string[]]
  if (asked !== owner || parts.length !== concatenation.parts.length) return false
  return concatenation.parts.every((part, index) => part === parts[index])
}
