import { describe, expect, it } from 'vitest'
import { eitherLoss, lossSwitch } from './lease-loss.ts'

describe('lossSwitch', () => {
  it('calls its listeners once, with the first reason, and no listener that was removed', () => {
    const loss = lossSwitch()
    const heard: unknown[] = []
    const removed = (): void => void heard.push('removed')
    loss.addEventListener('abort', () => void heard.push(loss.reason))
    loss.addEventListener('abort', removed)
    loss.removeEventListener('abort', removed)
    expect(loss.aborted).toBe(false)
    loss.abort('first')
    loss.abort('second')
    expect([loss.aborted, loss.reason, heard]).toEqual([true, 'first', ['first']])
  })
})

describe('eitherLoss', () => {
  it.each([0, 1])('happens when loss %i of two does', (which) => {
    const losses = [lossSwitch(), lossSwitch()] as const
    const either = eitherLoss(...losses)
    let calls = 0
    const listener = (): void => void (calls += 1)
    either.addEventListener('abort', listener)
    expect([either.aborted, either.reason]).toEqual([false, undefined])
    losses[which]?.abort('why')
    expect([either.aborted, either.reason, calls]).toEqual([true, 'why', 1])
    either.removeEventListener('abort', listener)
    losses[1 - which]?.abort('later')
    expect(calls).toBe(1)
  })

  it('accepts the signal of an AbortController', () => {
    const controller = new AbortController()
    const either = eitherLoss(lossSwitch(), controller.signal)
    controller.abort('why')
    expect([either.aborted, either.reason]).toEqual([true, 'why'])
  })
})
