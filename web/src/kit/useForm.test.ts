import { beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { dropDrafts } from './draft'
import { useForm } from './useForm'

beforeEach(() => dropDrafts())

const form = (submit: (model: { name: string }, id: string) => Promise<unknown>) => useForm({ initial: () => ({ name: '' }), submit, draftKey: 'test', guard: false })

test('a form refused keeps its id, so that sending again is the same act', async () => {
  const submit = vi.fn().mockRejectedValueOnce(new Problem('offline', 0, '')).mockResolvedValueOnce('ok')
  const f = form(submit)
  f.model.name = 'Li'
  expect(await f.submit()).toBeNull()
  expect(f.problem?.code).toBe('offline')
  expect(await f.submit()).toBe('ok')
  expect(submit.mock.calls[0]?.[1]).toBe(submit.mock.calls[1]?.[1])
  expect(f.problem).toBeNull()
})

test('a form is sent once, however often the button is pressed', async () => {
  let finish: (value: string) => void = () => undefined
  const submit = vi.fn(() => new Promise<string>((resolve) => { finish = resolve }))
  const f = form(submit)
  const first = f.submit()
  expect(f.sending).toBe(true)
  expect(await f.submit()).toBeNull()
  finish('ok')
  expect(await first).toBe('ok')
  expect(submit).toHaveBeenCalledOnce()
})

test('what was typed comes back after the page was lost, with the same id', () => {
  const before = form(vi.fn())
  before.model.name = 'Li'
  expect(before.dirty).toBe(true)
  const after = form(vi.fn())
  expect([after.model.name, after.restored, after.dirty, after.id]).toEqual(['Li', true, true, before.id])
})

test('nothing comes back after saving, and a fresh form has a fresh id', async () => {
  const f = form(vi.fn().mockResolvedValue('ok'))
  const id = f.id
  f.model.name = 'Li'
  await f.submit()
  expect(f.dirty).toBe(false)
  expect(form(vi.fn()).restored).toBe(false)
  f.reset()
  expect([f.model.name, f.id === id]).toEqual(['', false])
})
