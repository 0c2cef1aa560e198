import { describe, expect, it } from 'vitest'
import { millisLeft, minutesLeft } from './model'

describe('what is left of an opening', () => {
  const now = Date.parse('2026-11-23T01:00:00.000Z')
  it('has no end without a day', () => expect(millisLeft(null, now)).toBeNull())
  it('counts down to nothing', () => {
    expect(millisLeft('2026-11-23T01:30:00.000Z', now)).toBe(1_800_000)
    expect(millisLeft('2026-11-23T00:30:00.000Z', now)).toBe(0)
  })
  it('shows begun minutes', () => {
    expect(minutesLeft(1)).toBe(1)
    expect(minutesLeft(60_001)).toBe(2)
  })
})
