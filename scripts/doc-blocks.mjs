// The fenced blocks of a Markdown page.

const BLOCK =
  /^(?<announced><!-- examples\/\S+ -->\n)?```(?<language>\w*)[^\n]*\n(?<text>[\s\S]*?)^```$/gm

/** Each block of a page, with the line of the page that its text begins in, counted from 0. */
export function blocksOf(page) {
  return [...page.matchAll(BLOCK)].map(({ 0: whole, index, groups }) => {
    const before = page.slice(0, index) + whole.slice(0, whole.indexOf('```'))
    return {
      language: groups.language,
      text: groups.text,
      isAnnounced: groups.announced !== undefined,
      line: before.split('\n').length,
    }
  })
}

/** The page with its blocks emptied, so that what stands in them is not taken for Markdown. */
export function withoutBlocks(page) {
  return page.replace(BLOCK, (whole) => whole.replace(/[^\n]/g, ''))
}
