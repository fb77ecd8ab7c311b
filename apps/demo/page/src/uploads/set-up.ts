import Tus from '@uppy/tus'
import type { TusBody } from '@uppy/tus'
import { OWN_REQUEST } from '../api/http.ts'
import { isSending } from './actions.ts'
import { resumeAfterSignIn } from './after-sign-in.ts'
import { followFailures } from './failures.ts'
import { prepare } from './prepare.ts'
import { afterResponse, beforeRequest, RETRY_DELAYS, retryDecision } from './resilience.ts'
import { followRows } from './rows.ts'
import { followSuccess } from './success.ts'
import type { UploadMeta } from './uppy.ts'
import { uppy } from './uppy.ts'

/** So many files are sent at once: browsers have six connections to a server, and others need some. */
const AT_ONCE = 3

/** Makes Uppy send files to the server, and the page follow it. */
export function setUpUploads(): void {
  uppy.use(Tus<UploadMeta, TusBody>, {
    limit: AT_ONCE,
    headers: { ...OWN_REQUEST },
    allowedMetaFields: ['filename', 'content-type'],
    retryDelays: RETRY_DELAYS,
    // The same file may be uploaded again later, as another one.
    removeFingerprintOnSuccess: true,
    onBeforeRequest: beforeRequest,
    onAfterResponse: afterResponse,
    onShouldRetry: retryDecision,
  })
  uppy.addPreProcessor(prepare)
  followFailures()
  followSuccess()
  followRows()
  resumeAfterSignIn()
  addEventListener('beforeunload', (event) => {
    if (isSending()) event.preventDefault()
  })
}
