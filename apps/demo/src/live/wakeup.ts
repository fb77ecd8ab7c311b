/** Why waiting for a bell was over. */
export type Rung = 'rung' | 'quiet' | 'ended'

/** Lets one loop wait for something that others ring for. */
export interface Bell {
  ring(): void
  /** No more waiting from now on. */
  end(): void
  readonly ended: boolean
  /** Resolves once it was rung since the last time, has ended, or was quiet for so many milliseconds. */
  heard(patience: number): Promise<Rung>
}

export function bell(): Bell {
  let state: Rung = 'quiet'
  let wake: (() => void) | null = null

  function become(next: Rung): void {
    if (state !== 'ended') state = next
    wake?.()
  }

  return {
    ring: () => become('rung'),
    end: () => become('ended'),
    get ended() {
      return state === 'ended'
    },
    async heard(patience) {
      if (state === 'quiet') {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, patience)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
        })
        wake = null
      }
      const heard = state
      if (state === 'rung') state = 'quiet'
      return heard
    },
  }
}
