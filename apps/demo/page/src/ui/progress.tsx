import type { JSX } from 'preact'
import { percent } from './format.ts'

/** A progress bar. */
export function Progress(props: {
  readonly label: string
  readonly part: number
  readonly whole: number
  readonly state?: string
}): JSX.Element {
  const value = percent(props.part, props.whole)
  return (
    <progress
      class={`progress ${props.state ?? ''}`}
      max={100}
      value={value}
      aria-label={props.label}
    >
      {value}%
    </progress>
  )
}
