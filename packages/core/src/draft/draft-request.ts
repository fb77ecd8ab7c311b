import type { UploadEngine } from '../engine/engine.ts'
import type { HttpRequest } from '../model/http.ts'
import type { Target } from '../protocol/protocol.ts'
import type { CheckedLimits } from './limits.ts'
import type { DraftVersion } from './versions.ts'

/** A request of the draft, with everything that is needed to answer it. */
export interface DraftRequest<Context> {
  readonly request: HttpRequest<Context>
  readonly target: Target
  readonly engine: UploadEngine<Context>
  readonly version: DraftVersion
  readonly limits: CheckedLimits
}

/** A request for one upload. */
export type UploadRequest<Context> = DraftRequest<Context> & {
  readonly target: Target & { readonly id: string }
}
