import type { JSX } from 'preact'
import { Dialog } from '../ui/dialog.tsx'
import { Logo } from '../ui/logo.tsx'
import { demoAccount } from './session.ts'
import { SignInForm } from './sign-in.tsx'

/** The page for a user who is not signed in. */
export function SignInPage(): JSX.Element {
  const account = demoAccount.value
  return (
    <main class="sign-in">
      <section aria-labelledby="sign-in-title">
        <Logo />
        <h1 id="sign-in-title">Sign in to your files</h1>
        <SignInForm />
        {account === null ? null : (
          <p class="demo-account">
            Demo: <b>{account.name}</b> / <b>{account.password}</b>
          </p>
        )}
      </section>
    </main>
  )
}

/** The dialog over the page when the session has expired. */
export function SignInAgain({ name }: { readonly name: string }): JSX.Element {
  return (
    <Dialog title="Sign in again" insistent onClose={() => {}}>
      <p>Your session has expired. Sign in and your uploads will resume.</p>
      <SignInForm name={name} />
    </Dialog>
  )
}
