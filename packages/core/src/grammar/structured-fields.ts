import type { BareItem } from './structured-bare-items.ts'
import { readBareItem } from './structured-bare-items.ts'
import type { Cursor } from './structured-cursor.ts'
import { cursorOver, fail } from './structured-cursor.ts'

/** The parameters of an item, a list or a member, by their keys. */
export type Parameters = ReadonlyMap<string, BareItem>

/** One value with its parameters (RFC 9651, section 3.3). */
export interface Item {
  readonly value: BareItem
  readonly parameters: Parameters
}

/** A member of a dictionary: one item, or a list of items in parentheses. */
export type Member = Item | { readonly items: readonly Item[]; readonly parameters: Parameters }

/** Reads an Item field; null if the text is not an Item. */
export function parseItem(text: string): Item | null {
  return parsed(text, readItem)
}

/** Reads a Dictionary field; null if the text is not a Dictionary. The last value of a key is used. */
export function parseDictionary(text: string): ReadonlyMap<string, Member> | null {
  return parsed(text, readDictionary)
}

function parsed<Value>(text: string, read: (cursor: Cursor) => Value): Value | null {
  try {
    const cursor = cursorOver(text)
    cursor.skip(' ')
    const value = read(cursor)
    cursor.skip(' ')
    return cursor.isAtEnd() ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function readDictionary(cursor: Cursor): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>()
  while (!cursor.isAtEnd()) {
    const key = readKey(cursor)
    const member = cursor.take('=') ? readMember(cursor) : { value: TRUE, ...readRest(cursor) }
    members.delete(key)
    members.set(key, member)
    cursor.skip(' \t')
    if (cursor.isAtEnd()) break
    if (!cursor.take(',')) fail()
    cursor.skip(' \t')
    if (cursor.isAtEnd()) fail()
  }
  return members
}

const TRUE: BareItem = { kind: 'boolean', value: true }

function readMember(cursor: Cursor): Member {
  if (!cursor.take('(')) return readItem(cursor)
  const items: Item[] = []
  for (;;) {
    cursor.skip(' ')
    if (cursor.take(')')) return { items, ...readRest(cursor) }
    items.push(readItem(cursor))
    if (cursor.peek() !== ' ' && cursor.peek() !== ')') fail()
  }
}

function readItem(cursor: Cursor): Item {
  return { value: readBareItem(cursor), ...readRest(cursor) }
}

function readRest(cursor: Cursor): { readonly parameters: Parameters } {
  const parameters = new Map<string, BareItem>()
  while (cursor.take(';')) {
    cursor.skip(' ')
    const key = readKey(cursor)
    const value = cursor.take('=') ? readBareItem(cursor) : TRUE
    parameters.delete(key)
    parameters.set(key, value)
  }
  return { parameters }
}

function readKey(cursor: Cursor): string {
  return cursor.match(/[a-z*][a-z0-9_.*-]*/y) ?? fail()
}
