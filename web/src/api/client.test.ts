import { afterEach, expect, test, vi } from 'vitest'
import { allPages, fileName, http, jsonLines, queryString, seg, wireClient } from './client'
import { Problem } from './problem'

afterEach(() => vi.unstubAllGlobals())

const answer = (status: number, body: unknown) => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })

test('a query leaves empty conditions out and repeats arrays', () => {
  expect(queryString({ q: 'a b', grade: ['A', 'B'], place: '', worker: null, cursor: undefined, strict: false })).toBe('?q=a+b&grade=A&grade=B&strict=false')
  expect(queryString({})).toBe('')
})

test('a piece of a path is escaped', () => {
  expect(seg('stat:430703/../x')).toBe('stat:430703%2F..%2Fx')
})

test('the language goes with every request and an ended session is reported', async () => {
  const ended = vi.fn()
  const fetched = vi.fn(async () => answer(401, { code: 'unauthenticated', title: 'Sign in' }))
  vi.stubGlobal('fetch', fetched)
  wireClient({ language: () => 'en', onUnauthenticated: ended })
  await expect(http.get('/today')).rejects.toMatchObject({ code: 'unauthenticated', status: 401 })
  expect(ended).toHaveBeenCalledOnce()
  expect(fetched).toHaveBeenCalledWith('/api/v1/today', expect.objectContaining({ headers: expect.objectContaining({ 'Accept-Language': 'en' }) }))
  await expect(http.quiet('GET', '/session')).rejects.toBeInstanceOf(Problem)
  expect(ended).toHaveBeenCalledOnce()
})

test('no network is a problem of its own', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => { throw new TypeError('failed') }))
  await expect(http.post('/visits', {})).rejects.toMatchObject({ code: 'offline' })
})

test('an empty answer is nothing', async () => {
  vi.stubGlobal('fetch', vi.fn(async () => new Response(null, { status: 204 })))
  expect(await http.delete('/session')).toBeUndefined()
})

test('lines are read although they arrive in pieces', async () => {
  const encoder = new TextEncoder()
  const body = new ReadableStream({ start(c) { for (const piece of ['{"n":1}\n{"n"', ':2}\n', '{"n":3}']) c.enqueue(encoder.encode(piece)); c.close() } })
  vi.stubGlobal('fetch', vi.fn(async () => new Response(body, { status: 200 })))
  const seen: number[] = []
  for await (const line of jsonLines<{ n: number }>('/x')) seen.push(line.n)
  expect(seen).toEqual([1, 2, 3])
})

test('all pages are walked up to a bound', async () => {
  const load = vi.fn(async (cursor: string | null) => ({ items: [Number(cursor ?? 0)], next: String(Number(cursor ?? 0) + 1) }))
  expect(await allPages(load, 3)).toEqual([0, 1, 2])
})

test('a file comes with its Chinese name and what could not be printed', async () => {
  const headers = { 'content-disposition': "attachment; filename=\"print.pdf\"; filename*=UTF-8''%E6%98%8E-1.pdf", 'x-unprintable-characters': '2' }
  vi.stubGlobal('fetch', vi.fn(async () => new Response('%PDF', { status: 200, headers })))
  const made = await http.file('/x', {})
  expect([made.name, made.missing, await made.blob.text()]).toEqual([decodeURIComponent('%E6%98%8E-1.pdf'), 2, '%PDF'])
  expect([fileName(null), fileName("filename*=UTF-8''%E0%A4%A"), fileName('attachment')]).toEqual(['', '', ''])
})
