import type { JSX } from 'preact'

/** The project's logo and name. */
export function Logo(): JSX.Element {
  return (
    <span class="logo">
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" />
        <path d="M9 23c7 1 13-3 13.500-12M22.500 11l-4.500 4M22.500 11l4 4.600" />
      </svg>
      Tusker
    </span>
  )
}
