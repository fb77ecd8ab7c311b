/** Nothing when an attempt succeeds; what it was, and why it failed, when it does not. */
export async function faultsOf(what, attempt) {
  try {
    await attempt()
    return []
  } catch (error) {
    return [`${what}:\n${error.message}`]
  }
}
