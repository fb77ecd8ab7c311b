import type { XmlElement } from './xml.ts'

type Query = Readonly<Record<string, string>>

/** One page of a listing. */
interface Page<Item> {
  readonly items: readonly Item[]
  /** What the query of the next page adds; null after the last page. */
  readonly next: Query | null
}

/** Goes through all pages of a listing. */
export async function* listPages<Item>(
  fetchPage: (query: Query) => Promise<XmlElement>,
  query: Query,
  pageOf: (answer: { readonly root: XmlElement }) => Page<Item>,
): AsyncGenerator<Item> {
  let more: Query | null = {}
  while (more !== null) {
    const page: Page<Item> = pageOf({ root: await fetchPage({ ...query, ...more }) })
    yield* page.items
    more = page.next
  }
}
