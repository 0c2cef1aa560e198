import { expect, test, vi } from 'vitest'
import type { PlaceNode } from './places'
import { usePlaceTree } from './usePlaceTree'

const place = (code: string, level: number, has_children = true): PlaceNode => ({ code, name: code, level, kind: '', code_civil: code, code_stat: null, path: '', initials: '', has_children })
const names = (tree: ReturnType<typeof usePlaceTree>) => tree.visible.value.map((b) => `${b.level}:${b.place.code}`)

function grown(deepest = 5) {
  const childrenOf = vi.fn(async (code: string) => (code === '430703' ? [place('430703101', 4), place('430703102', 4, false)] : [place('430703101201', 5, false)]))
  return { childrenOf, tree: usePlaceTree({ roots: async () => [place('430703', 3)], childrenOf, deepest: () => deepest }) }
}

test('the first branch is open, others open on demand and are asked for once', async () => {
  const { tree, childrenOf } = grown()
  await tree.start()
  expect(names(tree)).toEqual(['1:430703', '2:430703101', '2:430703102'])
  const town = tree.visible.value[1]!
  await tree.toggle(town)
  expect(names(tree)).toEqual(['1:430703', '2:430703101', '3:430703101201', '2:430703102'])
  await tree.toggle(town)
  await tree.toggle(town)
  expect(childrenOf).toHaveBeenCalledTimes(2)
})

test('nothing below the deepest level is offered', async () => {
  const { tree } = grown(4)
  await tree.start()
  expect(tree.visible.value.map((b) => tree.isLeaf(b))).toEqual([false, true, true])
})

test('a branch that cannot be loaded stays closed and says why', async () => {
  const { tree, childrenOf } = grown()
  await tree.start()
  childrenOf.mockRejectedValueOnce(new Error('x'))
  await tree.expand(tree.visible.value[1]!)
  expect([tree.visible.value[1]!.open, tree.problem.value?.detail]).toEqual([false, 'x'])
})
