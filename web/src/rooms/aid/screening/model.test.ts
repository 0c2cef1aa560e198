import { describe, expect, it } from 'vitest'
import type { Counted, PolicyFindings } from './api'
import { barLength, countText, sum, withFindings } from './model'

const counted = (waiting: number, more = false, fresh = 0): Counted => ({ waiting, more, new: fresh })
const policy = (id: string, eligible: Counted): PolicyFindings => ({
  policy: { id, number: 'P01', title: id, title_en: id, nature: 'benefit', stage: 'identity', unit: 'person', verified: true, legal: [], place: '' },
  eligible, lost: counted(0), unknown: counted(1),
})

describe('screening', () => {
  it('says when it stopped counting', () => {
    expect(countText(counted(1234))).toBe('1,234')
    expect(countText(counted(10_000, true))).toBe('10,000+')
  })

  it('shows the policies with most to look at first and leaves out the rest', () => {
    const all = [policy('a', counted(2)), policy('b', counted(0)), policy('c', counted(9, false, 3))]
    expect(withFindings(all, 'eligible').map((p) => p.policy.id)).toEqual(['c', 'a'])
    expect(withFindings(all, 'lost')).toEqual([])
    expect(sum(all, 'eligible')).toEqual(counted(11, false, 3))
    expect(sum([policy('a', counted(10_000, true))], 'eligible').more).toBe(true)
  })

  it('draws a bar that can be seen for everything that is not nothing', () => {
    expect([barLength(0, 100), barLength(1, 100_000), barLength(50, 100), barLength(100, 100), barLength(1, 0)]).toEqual([0, 2, 50, 100, 0])
  })
})
