import type { Row, RowState } from '../../page/src/uploads/rows.ts'

let lastId = 0

/** A row of the tray, for an upload of 1000 bytes. */
export function rowIn(state: RowState, more: Partial<Row> = {}): Row {
  lastId += 1
  return {
    id: `row-${lastId}`,
    name: 'a file',
    folderPath: '/',
    replaces: null,
    state,
    isStalled: false,
    sent: state === 'completed' ? 1_000 : 0,
    length: 1_000,
    speed: 0,
    problem: null,
    canRetry: true,
    location: null,
    uploadUrl: null,
    ...more,
  }
}
