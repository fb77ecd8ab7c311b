import { setImmediate } from 'node:timers'

let turn = 0
let isScheduled = false

/** The number of the current turn of the event loop. Two calls in one turn return the same number. */
export function currentTurn(): number {
  if (!isScheduled) {
    isScheduled = true
    setImmediate(end)
  }
  return turn
}

function end(): void {
  turn += 1
  isScheduled = false
}
