import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test, vi } from 'vitest'
import { Problem } from '@/api/problem'
import { useSession, type Session } from '@/app/session'
import { flushDrafts, forgetDrafts } from './drafts'
import { useForm } from './useForm'

const account = (id: string) => ({ account: { id }, permits: [], places: [] }) as unknown as Session
/** The drafts of a server, by id. */
const server = { drafts: new Map<string, Record<string, unknown>>(), refuse: false }
const settled = () => vi.waitFor(async () => { await new Promise((next) => setTimeout(next, 5)) })

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().current = account('1')
  forgetDrafts()
  server.drafts.clear()
  server.refuse = false
  vi.stubGlobal('fetch', vi.fn(async (url: string, request: RequestInit) => {
    const owner = useSession().current?.account.id
    if (server.refuse) return new Response(JSON.stringify({ code: 'unauthenticated', title: 'x' }), { status: 401 })
    const id = url.split('/').at(-1) ?? ''
    if (request.method === 'PUT') server.drafts.set(id, { id, owner, saved_at: '2026-11-23T02:32:00.000Z', ...(JSON.parse(String(request.body)) as object) })
    if (request.method === 'DELETE') server.drafts.delete(id)
    const wanted = new URL(url, 'http://x').searchParams.get('form')
    const items = [...server.drafts.values()].filter((d) => d.form === wanted && d.owner === owner).slice(-1)
    return request.method === 'DELETE' ? new Response(null, { status: 204 }) : new Response(JSON.stringify({ items }))
  }))
})

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

test('what was typed comes back after the page was lost, with the same id', async () => {
  const before = form(vi.fn())
  await settled()
  before.model.name = 'Li'
  expect(before.dirty).toBe(true)
  await flushDrafts()
  const after = form(vi.fn())
  await settled()
  expect([after.model.name, !!after.restored, after.dirty, after.id]).toEqual(['Li', true, true, before.id])
})

test('what the server could not take waits for the same account, and for nobody else', async () => {
  const before = form(vi.fn())
  await settled()
  server.refuse = true
  before.model.name = 'Li'
  expect(await flushDrafts()).toBe(false)
  server.refuse = false
  useSession().current = account('2')
  const other = form(vi.fn())
  await settled()
  expect([other.model.name, other.restored]).toEqual(['', ''])
})

test('a session that ends in the middle costs nothing', async () => {
  const before = form(vi.fn())
  await settled()
  server.refuse = true
  before.model.name = 'Li'
  await flushDrafts()
  useSession().forget()
  server.refuse = false
  useSession().current = account('1')
  const after = form(vi.fn())
  await settled()
  expect(after.model.name).toBe('Li')
  expect(await flushDrafts()).toBe(true)
  expect(server.drafts.size).toBe(1)
})

test('nothing comes back after saving, and a fresh form has a fresh id', async () => {
  const f = form(vi.fn().mockResolvedValue('ok'))
  await settled()
  const id = f.id
  f.model.name = 'Li'
  await flushDrafts()
  await f.submit()
  await settled()
  expect(f.dirty).toBe(false)
  expect(server.drafts.size).toBe(0)
  const again = form(vi.fn())
  await settled()
  expect(again.restored).toBe('')
  f.reset()
  expect([f.model.name, f.id === id]).toEqual(['', false])
})

test('a draft typed over an older revision is offered, not filled in', async () => {
  const edit = (rev: number) => useForm({ initial: () => ({ name: '' }), submit: vi.fn(), draftKey: 'edit', baseRev: () => rev, guard: false })
  const before = edit(3)
  before.fill({ name: 'Wang' })
  before.model.name = 'Li'
  await flushDrafts()
  const later = edit(4)
  later.fill({ name: 'Zhao' })
  await later.takeDraft()
  expect([later.model.name, later.outdated?.content.name]).toEqual(['Zhao', 'Li'])
  later.useOutdated()
  expect([later.model.name, later.outdated, later.dirty]).toEqual(['Li', null, true])
})
