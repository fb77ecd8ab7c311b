// A vitest reporter that leaves the numbers of a run in the file TEST_SUMMARY_FILE names.
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const target = process.env.TEST_SUMMARY_FILE
    if (target) writeFileSync(target, JSON.stringify(count(modules, unhandledErrors)))
  }
}

function count(modules, unhandledErrors) {
  // What fails outside a test (a file that does not load, a hook, a stray rejection) has failed too.
  const summary = { passed: 0, failed: unhandledErrors.length, skipped: 0, again: [] }
  for (const module of modules) {
    const groups = [module, ...module.children.allSuites()]
    summary.failed += groups.filter((group) => group.errors().length > 0).length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      summary[state === 'pending' ? 'skipped' : state] += 1
      if (test.diagnostic()?.flaky) summary.again.push(`${test.project.name} > ${test.fullName}`)
    }
  }
  return summary
}
