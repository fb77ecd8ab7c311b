import type { HttpRequest } from '../model/http.ts'
import type { Protocol } from './protocol.ts'

/**
 * Chooses the protocol that answers a request: the first one that recognizes the request by its fields. If
 * none does, the first protocol answers, and its error response says what is missing.
 *
 * @param id the upload that the path names; null for any other path
 * @throws Error when the list of protocols is empty
 */
export function chooseProtocol(
  protocols: readonly Protocol[],
  request: HttpRequest,
  id: string | null,
): Protocol {
  const chosen = protocols.find((protocol) => protocol.claims(request, id)) ?? protocols[0]
  if (chosen === undefined) throw new Error('protocols: name at least one')
  return chosen
}
