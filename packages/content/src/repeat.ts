/** Does something now and then again and again, without keeping the process alive. */
export function repeat(
  milliseconds: number,
  task: () => Promise<void> | undefined,
): { stop(): void } {
  void task()
  const timer = setInterval(() => void task(), milliseconds)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
