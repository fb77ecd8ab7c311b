import { UploadError } from '../model/error.ts'
import type { Lease, LeaseRequest, Locker } from '../ports/locker.ts'
import type { LossSwitch } from './lease-loss.ts'
import { lossSwitch } from './lease-loss.ts'
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
      const holder = newLease()
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
    queue.holder = newLease()
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

interface MemoryLease extends Lease {
  readonly token: null
  readonly yieldRequest: YieldRequests
  readonly lost: LossSwitch
}

function newLease(): MemoryLease {
  return { token: null, yieldRequest: yieldRequests(), lost: lossSwitch() }
}

function ask(holder: MemoryLease, request: LeaseRequest): void {
  holder.yieldRequest.ask()
  if (request.ask === 'stop') {
    holder.lost.abort(new UploadError('interrupted', 'another request stopped this one'))
  }
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
