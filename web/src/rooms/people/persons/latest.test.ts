import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { latest } from './latest'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

function desk(load: (q: string) => Promise<string>) {
  const asked: string[] = []
  const got: string[] = []
  const failed: unknown[] = []
  const asker = latest<string, string>({
    wait: 300,
    load: (q) => { asked.push(q); return load(q) },
    got: (answer) => got.push(answer),
    failed: (thrown) => failed.push(thrown),
  })
  return { asker, asked, got, failed }
}

test('while somebody types, only the last word is asked for, after 300 ms', async () => {
  const { asker, asked, got } = desk(async (q) => q)
  for (const q of ['w', 'wg', 'wgy']) { asker.ask(q); await vi.advanceTimersByTimeAsync(100) }
  expect(asked).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(asked).toEqual(['wgy'])
  expect(got).toEqual(['wgy'])
})

test('an answer that comes late does not replace the newer one', async () => {
  const { asker, got } = desk((q) => new Promise((done) => setTimeout(() => done(q), q === 'slow' ? 1000 : 10)))
  asker.ask('slow')
  await vi.advanceTimersByTimeAsync(350)
  asker.ask('fast')
  await vi.advanceTimersByTimeAsync(2000)
  expect(got).toEqual(['fast'])
})

test('a failure of an old question is not shown', async () => {
  const { asker, got, failed } = desk((q) => new Promise((done, no) => setTimeout(() => (q === 'bad' ? no(new Error(q)) : done(q)), q === 'bad' ? 500 : 10)))
  asker.ask('bad')
  await vi.advanceTimersByTimeAsync(310)
  asker.ask('good')
  await vi.advanceTimersByTimeAsync(1000)
  expect(got).toEqual(['good'])
  expect(failed).toEqual([])
})

test('a failure of the question in force is shown', async () => {
  const { asker, failed } = desk(() => Promise.reject(new Error('no')))
  asker.ask('x')
  await vi.advanceTimersByTimeAsync(301)
  expect(failed).toHaveLength(1)
})

test('after stop nothing is asked', async () => {
  const { asker, asked } = desk(async (q) => q)
  asker.ask('x')
  asker.stop()
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked).toEqual([])
})
