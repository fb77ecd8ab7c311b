import { UploadError } from '../model/error.ts'
import type { Lease, LeaseRequest, Locker } from '../ports/locker.ts'

interface Holder {
  readonly lease: Lease
  ask(request: LeaseRequest): void
}

interface Waiter {
  readonly request: LeaseRequest
  admit(): void
}

interface Queue {
  holder: Holder
  readonly waiters: Waiter[]
}

/** Leases for the uploads of one process. They end only by being released, so they need no tokens. */
export function memoryLocker(): Locker {
  const queues = new Map<string, Queue>()

  async function acquire(id: string, request: LeaseRequest): Promise<Lease> {
    request.signal.throwIfAborted()
    const queue = queues.get(id)
    if (queue === undefined) {
      const holder = hold()
      queues.set(id, { holder, waiters: [] })
      return holder.lease
    }
    if (request.ask === 'nothing') throw new UploadError('busy', 'the upload is in use')
    queue.holder.ask(request)
    await turn(queue, request)
    return queue.holder.lease
  }

  function release(id: string): void {
    const queue = queues.get(id)
    const next = queue?.waiters.shift()
    if (queue === undefined || next === undefined) {
      queues.delete(id)
      return
    }
    queue.holder = hold()
    next.admit()
    // Whoever else waits asks the new holder as it asked the old one.
    for (const waiter of queue.waiters) queue.holder.ask(waiter.request)
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

function hold(): Holder {
  const wanted = new AbortController()
  const ended = new AbortController()
  return {
    lease: { token: null, wanted: wanted.signal, ended: ended.signal },
    ask(request) {
      const reason = new UploadError('interrupted', 'another request took this upload over')
      wanted.abort(reason)
      if (request.ask === 'stop') ended.abort(reason)
    },
  }
}

/** Waits in the queue until `release` admits this request, or its signal aborts. */
function turn(queue: Queue, request: LeaseRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiter: Waiter = {
      request,
      admit() {
        request.signal.removeEventListener('abort', abandon)
        resolve()
      },
    }
    function abandon(): void {
      queue.waiters.splice(queue.waiters.indexOf(waiter), 1)
      reject(request.signal.reason as Error)
    }
    queue.waiters.push(waiter)
    request.signal.addEventListener('abort', abandon, { once: true })
  })
}
