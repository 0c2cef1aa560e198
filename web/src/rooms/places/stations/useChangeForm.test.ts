import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent } from 'vue'
import { Problem } from '@/api/problem'
import { useChangeForm } from './useChangeForm'

vi.mock('vue-router', async (original) => ({ ...(await original<object>()), onBeforeRouteLeave: () => undefined }))

interface Record { rev: number; name: string; phone: string }

function open(load: () => Promise<Record>, send: (body: object) => Promise<unknown>) {
  let change!: ReturnType<typeof useChangeForm<Record, { name: string; phone: string }>>
  mount(defineComponent({
    setup() {
      change = useChangeForm({ record: { rev: 2, name: 'a', phone: '1' }, toModel: ({ name, phone }: Record) => ({ name, phone }), load, send })
      return () => null
    },
  }))
  return change
}

test('only what was changed is sent, with the revision seen', async () => {
  const send = vi.fn(async () => ({}))
  const { form } = open(vi.fn(), send)
  form.model.phone = ''
  expect(await form.submit()).toBe(true)
  expect(send).toHaveBeenCalledWith({ rev: 2, phone: null })
})

test('nothing changed sends nothing', async () => {
  const send = vi.fn(async () => ({}))
  expect(await open(vi.fn(), send).form.submit()).toBe(true)
  expect(send).not.toHaveBeenCalled()
})

test('after somebody else was quicker the typed fields stay on top of theirs', async () => {
  const send = vi.fn<(body: object) => Promise<unknown>>().mockRejectedValueOnce(new Problem('stale', 409, 's', { rev: 3 })).mockResolvedValueOnce({})
  const { form, theirs, renew } = open(async () => ({ rev: 3, name: 'b', phone: '1' }), send)
  form.model.phone = '2'
  expect(await form.submit()).toBeNull()
  await renew()
  expect([{ ...form.model }, theirs.value, form.problem]).toEqual([{ name: 'b', phone: '2' }, ['name'], null])
  await form.submit()
  expect(send).toHaveBeenLastCalledWith({ rev: 3, phone: '2' })
})
