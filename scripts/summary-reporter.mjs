// A vitest reporter that writes the numbers of a run to the file that TEST_SUMMARY_FILE names.
import { writeFileSync } from 'node:fs'

export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const target = process.env.TEST_SUMMARY_FILE
    if (target) writeFileSync(target, JSON.stringify(count(modules, unhandledErrors)))
  }
}

function count(modules, unhandledErrors) {
  // A file that does not load, a hook that fails and a stray rejection are failures as well.
  const summary = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
  for (const module of modules) {
    const groups = [module, ...module.children.allSuites()]
    summary.failed += groups.filter((group) => group.errors().length > 0).length
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      summary[state === 'pending' ? 'skipped' : state] += 1
    }
  }
  return summary
}
