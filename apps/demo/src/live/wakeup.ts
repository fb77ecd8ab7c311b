/** The reason why a wait for a bell ended. */
export type Rung = 'rung' | 'quiet' | 'ended'

/** Lets one loop wait until another part of the program rings. */
export interface Bell {
  ring(): void
  /** Ends the current wait and all later ones. */
  end(): void
  readonly ended: boolean
  /** Resolves when it has rung since the last call, has ended, or was quiet for `patience` milliseconds. */
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
