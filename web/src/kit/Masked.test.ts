import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { expect, test, vi } from 'vitest'
import { i18n } from '@/app/i18n'
import Masked from './Masked.vue'

const show = (props: { value: string | null; label: string; reveal?: (reason: string) => Promise<string> }) =>
  mount(Masked, { props, global: { plugins: [createPinia(), i18n], stubs: { FormDialog: true } } })

test('without a way to reveal there is only the mask', () => {
  const masked = show({ value: '138****1201', label: 'phone' })
  expect(masked.text()).toContain('138****1201')
  expect(masked.find('button').exists()).toBe(false)
})

test('nothing recorded cannot be revealed', () => {
  expect(show({ value: null, label: 'phone', reveal: vi.fn() }).find('button').exists()).toBe(false)
})

test('a value revealed hides itself after a minute', async () => {
  vi.useFakeTimers()
  const reveal = vi.fn(async () => '13807361201')
  const masked = show({ value: '138****1201', label: 'phone', reveal })
  await masked.find('button').trigger('click')
  await masked.findComponent({ name: 'FormDialog' }).vm.$emit('submit')
  await vi.advanceTimersByTimeAsync(10)
  expect(reveal).toHaveBeenCalledOnce()
  expect(masked.text()).toContain('13807361201')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(masked.text()).toContain('138****1201')
  vi.useRealTimers()
})
