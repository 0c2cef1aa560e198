import { expect, test } from 'vitest'
import { groupMenu } from './menu'
import type { MenuItem } from './room'

const item = (to: string, section: MenuItem['section'], order: number, permit?: string): MenuItem => ({ to, section, order, permit, titleKey: '', icon: {} })

test('the menu shows what the account may open, in order, without empty groups', () => {
  const groups = groupMenu([item('b', 'people', 20), item('a', 'people', 10), item('x', 'accounts', 1, 'accounts.list'), item('t', 'today', 1)], (permit) => !permit)
  expect(groups.map((g) => [g.section, g.items.map((i) => i.to)])).toEqual([['today', ['t']], ['people', ['a', 'b']]])
})
