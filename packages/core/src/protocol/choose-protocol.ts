import type { HttpRequest } from '../model/http.ts'
import type { Protocol } from './protocol.ts'

/**
 * Chooses who answers a request: the first protocol that recognizes it by its fields. What none
 * recognizes is for the first, whose error response says what is missing.
 *
 * @param id the upload that the path names; null for any other path
 * @throws Error when there is no protocol at all
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
