import { ref } from 'vue'
import { describe, expect, it } from 'vitest'
import { useShown } from './useShown'

describe('useShown', () => {
  it('opens with something and keeps it while closing', () => {
    const about = ref<string | null>(null)
    const { open, shown } = useShown(about, null)
    expect([open.value, shown.value]).toEqual([false, null])
    about.value = 'first'
    expect([open.value, shown.value]).toEqual([true, 'first'])
    open.value = false
    expect([about.value, open.value, shown.value]).toEqual([null, false, 'first'])
    about.value = 'second'
    expect(shown.value).toBe('second')
  })
})
