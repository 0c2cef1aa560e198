/** What `latest` needs of timers; the real ones unless a test brings its own. */
interface Wishes<Q, A> {
  wait: number
  load: (question: Q, signal: AbortSignal) => Promise<A>
  /** Called with the answer to the newest question only. */
  got: (answer: A, question: Q) => void
  failed: (thrown: unknown) => void
}

/**
 * Asks while somebody types: waits for a pause, then asks once; an answer that comes after a newer question is thrown away.
 */
export function latest<Q, A>({ wait, load, got, failed }: Wishes<Q, A>) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | null = null

  function stop(): void {
    clearTimeout(timer)
    running?.abort()
    running = null
  }

  async function run(question: Q): Promise<void> {
    stop()
    const mine = (running = new AbortController())
    try {
      const answer = await load(question, mine.signal)
      if (running === mine) got(answer, question)
    } catch (thrown) {
      if (running === mine) failed(thrown)
    }
  }

  /** Asks after the pause; a later question replaces this one. */
  function ask(question: Q): void {
    stop()
    timer = setTimeout(() => void run(question), wait)
  }

  return { ask, run, stop }
}
