import type { OpenHost, OpenStore } from '@tusker/testing'
import { inMemory } from '@tusker/testing'
import { memoryStore } from '@tusker/store-memory'

/** A memory store without a limit of its own: the protocol's lengths go up to 2^53 - 1 bytes. */
export const openStore: OpenStore = () => ({
  store: memoryStore({ maxLength: Number.MAX_SAFE_INTEGER }),
})

/** A server over such a store, with no network between server and client. */
export const openHost: OpenHost = inMemory(openStore)
