import type { JSX } from 'preact'
import { Dialog } from '../ui/dialog.tsx'
import { Logo } from '../ui/logo.tsx'
import { SignInForm } from './sign-in.tsx'

/** The page for whoever is not signed in. */
export function SignInPage(): JSX.Element {
  return (
    <main class="sign-in">
      <section aria-labelledby="sign-in-title">
        <Logo />
        <h1 id="sign-in-title">Sign in to your files</h1>
        <SignInForm />
      </section>
    </main>
  )
}

/** Over what is there, when a session ends under it. */
export function SignInAgain({ name }: { readonly name: string }): JSX.Element {
  return (
    <Dialog title="Sign in again" insistent onClose={() => {}}>
      <p>Your session has ended. Unfinished uploads are kept and go on after you sign in.</p>
      <SignInForm name={name} />
    </Dialog>
  )
}
