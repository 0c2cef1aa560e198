import { flushPromises } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { Problem } from '@/api/problem'
import type { Page, Query } from '@/api/types'
import { useList } from './useList'

type Load = (query: Query, signal: AbortSignal) => Promise<Page<number>>
function open(load: Load) {
  const scope = effectScope()
  const list = scope.run(() => useList<number, { q: string; grade: string[] }>({ load, filters: () => ({ q: '', grade: [] }), inAddress: false, limit: 2 }))
  if (!list) throw new Error('no list')
  return { list, scope }
}
const three: Load = async ({ cursor }) => ({ items: [Number(cursor ?? 1)], next: cursor === '3' ? null : String(Number(cursor ?? 1) + 1) })

test('a list steps to the next page and back', async () => {
  const { list } = open(three)
  await flushPromises()
  expect([list.rows, list.hasPrev, list.hasNext]).toEqual([[1], false, true])
  list.next()
  await flushPromises()
  list.next()
  await flushPromises()
  expect([list.rows, list.pageNumber, list.hasNext]).toEqual([[3], 3, false])
  list.prev()
  await flushPromises()
  expect([list.rows, list.pageNumber]).toEqual([[2], 2])
})

test('filters count from the moment of searching, and searching begins at page one', async () => {
  const load = vi.fn<Load>(three)
  const { list } = open(load)
  await flushPromises()
  list.filters.q = 'li'
  list.next()
  await flushPromises()
  expect(load.mock.lastCall?.[0]).toMatchObject({ q: '', cursor: '2' })
  list.search()
  await flushPromises()
  expect(load.mock.lastCall?.[0]).toMatchObject({ q: 'li', cursor: null })
  list.reset()
  await flushPromises()
  expect(load.mock.lastCall?.[0]).toMatchObject({ q: '' })
})

test('a late answer to an old question is not shown', async () => {
  const answers: ((page: Page<number>) => void)[] = []
  const { list } = open(() => new Promise((resolve) => answers.push(resolve)))
  list.search()
  answers[1]?.({ items: [2], next: null })
  await flushPromises()
  answers[0]?.({ items: [1], next: null })
  await flushPromises()
  expect(list.rows).toEqual([2])
})

test('a refusal is shown and goes with the next good answer', async () => {
  const load = vi.fn<Load>().mockRejectedValueOnce(new Problem('internal', 500, 't')).mockResolvedValueOnce({ items: [7], next: null })
  const { list } = open(load)
  await flushPromises()
  expect([list.problem?.code, list.loaded]).toEqual(['internal', false])
  await list.reload()
  expect([list.problem, list.rows]).toEqual([null, [7]])
})

test('order goes up, down, and away', async () => {
  const load = vi.fn<Load>(three)
  const { list } = open(load)
  for (const order of ['name', '-name', undefined]) {
    list.orderBy('name')
    await flushPromises()
    expect(load.mock.lastCall?.[0].order).toBe(order)
  }
})
