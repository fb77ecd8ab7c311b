import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { explain } from '../api/errors.ts'
import { formText } from '../ui/form-text.ts'
import { signIn } from './session.ts'

/** A form for the name and the password. */
export function SignInForm({ name = '' }: { readonly name?: string }): JSX.Element {
  const [problem, setProblem] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const password = useRef<HTMLInputElement>(null)

  async function submit(form: HTMLFormElement): Promise<void> {
    setBusy(true)
    setProblem(null)
    try {
      await signIn(formText(form, 'name'), formText(form, 'password'))
    } catch (error) {
      setProblem(problemOf(error))
      setBusy(false)
      password.current?.select()
    }
  }

  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit(event.currentTarget)
      }}
    >
      <label>
        Name
        <input
          name="name"
          required
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          defaultValue={name}
          autofocus={name === ''}
        />
      </label>
      <label>
        Password
        <input
          ref={password}
          name="password"
          type="password"
          required
          autocomplete="current-password"
          autofocus={name !== ''}
          aria-describedby="sign-in-problem"
        />
      </label>
      <p id="sign-in-problem" class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="button primary" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  )
}

function problemOf(error: unknown): string {
  const refused = error instanceof Error && 'status' in error && error.status === 401
  return refused ? 'Wrong name or password.' : explain(error)
}
