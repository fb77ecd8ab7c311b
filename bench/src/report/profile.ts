import { readFile } from 'node:fs/promises'

interface ProfileNode {
  readonly id: number
  readonly callFrame: {
    readonly functionName: string
    readonly url: string
    readonly lineNumber: number
  }
}

/** The parts of a `.cpuprofile` that are read. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

/** A function and the share of the busy time that it spent itself. */
export interface SelfTime {
  readonly name: string
  readonly share: number
}

/** The functions with the most time of their own. Idle time does not count. */
export function topFunctions(
  { nodes, samples, timeDeltas }: CpuProfile,
  count: number,
): SelfTime[] {
  const names = new Map(nodes.map((node) => [node.id, nameOf(node)]))
  const times = new Map<string, number>()
  let busy = 0
  samples.forEach((id, index) => {
    const name = names.get(id) ?? ''
    if (name === '(idle)') return
    const time = timeDeltas[index] ?? 0
    busy += time
    times.set(name, (times.get(name) ?? 0) + time)
  })
  return [...times]
    .map(([name, time]) => ({ name, share: time / busy }))
    .sort((a, b) => b.share - a.share)
    .slice(0, count)
}

/** The top of a profile as lines for a terminal. */
export async function profileText(path: string, count = 25): Promise<string> {
  const profile = JSON.parse(await readFile(path, 'utf8')) as CpuProfile
  const lines = topFunctions(profile, count).map(
    ({ name, share }) => `  ${(100 * share).toFixed(1).padStart(5)} %  ${name}`,
  )
  return [path, ...lines, ''].join('\n')
}

function nameOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const place = url.split('/').slice(-3).join('/')
  const name = functionName === '' ? '(anonymous)' : functionName
  return place === '' ? name : `${name} ${place}:${lineNumber + 1}`
}
