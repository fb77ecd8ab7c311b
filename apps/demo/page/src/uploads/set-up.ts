import Tus from '@uppy/tus'
import type { TusBody } from '@uppy/tus'
import { OWN_REQUEST } from '../api/http.ts'
import { isSending } from './actions.ts'
import { resumeAfterSignIn } from './resume-after-sign-in.ts'
import { followExit } from './cancel.ts'
import { followFailures } from './failures.ts'
import { prepare } from './prepare.ts'
import { afterResponse, beforeRequest, RETRY_DELAYS, retryDecision } from './retry-policy.ts'
import { followRows } from './rows.ts'
import { followSuccess } from './success.ts'
import type { UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'

/** The number of files that are sent at once: browsers open six connections to a server in all. */
const PARALLEL = 3

/** Makes Uppy upload files to the server, and the page follow Uppy. */
export function setUpUploads(): void {
  uppy.use(Tus<UploadMeta, TusBody>, {
    limit: PARALLEL,
    headers: { ...OWN_REQUEST },
    allowedMetaFields: ['filename', 'content-type'],
    retryDelays: RETRY_DELAYS,
    // The same file may be uploaded again later, as a new object.
    removeFingerprintOnSuccess: true,
    onBeforeRequest: beforeRequest,
    onAfterResponse: afterResponse,
    onShouldRetry: retryDecision,
  })
  uppy.addPreProcessor(prepare)
  followFailures()
  followSuccess()
  followRows()
  followExit()
  resumeAfterSignIn()
  addEventListener('beforeunload', (event) => {
    if (isSending()) event.preventDefault()
  })
}
