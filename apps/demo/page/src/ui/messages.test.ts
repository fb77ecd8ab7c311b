import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import {
  alertText,
  clearErrors,
  clearMessages,
  messages,
  notify,
  reportError,
  statusText,
} from './messages.ts'

beforeEach(() => {
  vi.useFakeTimers()
  clearMessages()
})
afterEach(() => void vi.useRealTimers())

const texts = (): string[] => messages.value.map(({ text }) => text)

it('removes a note after a while, and keeps an error', async () => {
  notify('Created.')
  reportError('Not created.', 'create')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(texts()).toEqual(['Not created.'])
})

it('replaces an error with the next one of the same topic', () => {
  reportError('First.', 'upload')
  reportError('Another topic.', 'chooser')
  reportError('Second.', 'upload')
  expect(texts()).toEqual(['Another topic.', 'Second.'])
})

it('removes the errors of a topic when it is tried again', () => {
  reportError('Not uploaded.', 'upload')
  reportError('Not opened.', 'chooser')
  clearErrors('upload')
  expect(texts()).toEqual(['Not opened.'])
})

it('leaves nothing of one user to the next', () => {
  reportError('a.txt was not uploaded.', 'upload')
  notify('b.txt deleted.')
  statusText.value = 'c.txt uploaded.'
  alertText.value = 'd.txt was not uploaded.'
  clearMessages()
  expect([texts(), statusText.value, alertText.value]).toEqual([[], '', ''])
})
