import { UploadError } from '../model/error.ts'
import type { Lease, LeaseRequest, Locker } from '../ports/locker.ts'
import type { YieldRequests } from './yield-requests.ts'
import { yieldRequests } from './yield-requests.ts'

interface Waiter {
  readonly request: LeaseRequest
  admit(): void
}

interface Queue {
  holder: MemoryLease
  readonly waiters: Waiter[]
}

/** A locker for one process. Its leases end only when they are released, so they need no tokens. */
export function memoryLocker(): Locker {
  const queues = new Map<string, Queue>()

  async function acquire(id: string, request: LeaseRequest): Promise<Lease> {
    if (request.ask !== 'nothing') request.signal.throwIfAborted()
    const queue = queues.get(id)
    if (queue === undefined) {
      const holder = new MemoryLease()
      queues.set(id, { holder, waiters: [] })
      return holder
    }
    if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
    await turn(queue, request)
    return queue.holder
  }

  function release(id: string): void {
    const queue = queues.get(id)
    const next = queue?.waiters.shift()
    if (queue === undefined || next === undefined) {
      queues.delete(id)
      return
    }
    queue.holder = new MemoryLease()
    next.admit()
    // The callers that still wait ask the new holder for the same as the old one.
    for (const waiter of queue.waiters) ask(queue.holder, waiter.request)
  }

  return {
    async withLease(id, request, task) {
      const lease = await acquire(id, request)
      try {
        return await task(lease)
      } finally {
        release(id)
      }
    },
  }
}

/**
 * The lease of one holder. It is a class, because V8 keeps an object with getters of its own, and the whole
 * request with its chunks, until the next full garbage collection.
 */
class MemoryLease implements Lease {
  readonly token = null
  readonly yieldRequest: YieldRequests = yieldRequests()
  // Created on demand: most holders never read the signal, and a controller is the costliest part of a lease.
  #lost: AbortController | null = null

  get lost(): AbortSignal {
    return (this.#lost ??= new AbortController()).signal
  }

  stop(): void {
    this.#lost ??= new AbortController()
    this.#lost.abort(new UploadError('interrupted', 'another request stopped this one'))
  }
}

function ask(holder: MemoryLease, request: LeaseRequest): void {
  holder.yieldRequest.ask()
  if (request.ask === 'stop') holder.stop()
}

/** Waits in the queue until `release` admits this request, or its signal aborts. */
function turn(queue: Queue, request: LeaseRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      request,
      admit() {
        request.signal.removeEventListener('abort', withdraw)
        resolve()
      },
    }
    function withdraw(): void {
      queue.waiters.splice(queue.waiters.indexOf(waiter), 1)
      if (queue.waiters.length === 0) queue.holder.yieldRequest.withdraw()
      reject(request.signal.reason as Error)
    }
    queue.waiters.push(waiter)
    request.signal.addEventListener('abort', withdraw, { once: true })
    ask(queue.holder, request)
  })
}
