import { parseProblem, Problem } from './problem'
import type { Page, Query } from './types'

const BASE = '/api/v1'

let language: () => string = () => 'zh-CN'
let onUnauthenticated: (path: string) => void = () => undefined

/** Wires the client to the language in use and to what happens when the session has ended. */
export function wireClient(wires: { language: () => string; onUnauthenticated: (path: string) => void }): void {
  language = wires.language
  onUnauthenticated = wires.onUnauthenticated
}

/** Builds a query string; empty values are left out and an array repeats its key. */
export function queryString(query: Query = {}): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    if (Array.isArray(value)) value.forEach((each: string) => params.append(key, each))
    else params.append(key, String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

interface Options {
  query?: Query
  body?: unknown
  signal?: AbortSignal
  /** A 401 of this request is an answer, not the end of a session (sign-in, first look). */
  quiet401?: boolean
  /** Asked by the desk itself, not by the reader: it must not keep a session alive. */
  background?: boolean
  /** The page may go before the answer comes. */
  leaving?: boolean
  /** An open door: the same answer for everybody, asked without the cookie, and the browser may keep it. */
  open?: boolean
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text()
  if (!text) return null
  try {
    return JSON.parse(text) as unknown
  } catch {
    return null
  }
}

async function send(method: string, path: string, options: Options, accept: string): Promise<Response> {
  const headers: Record<string, string> = { Accept: accept, 'Accept-Language': language() }
  if (options.body !== undefined) headers['Content-Type'] = 'application/json'
  if (options.background) headers['X-Background'] = '1'
  let response: Response
  try {
    response = await fetch(BASE + path + queryString(options.query), {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      credentials: options.open ? 'omit' : 'same-origin',
      cache: options.open ? 'default' : 'no-store',
      keepalive: options.leaving,
    })
  } catch (error) {
    if (options.signal?.aborted) throw error
    throw new Problem('offline', 0, '')
  }
  if (response.ok) return response
  const problem = parseProblem(response.status, await readJson(response), response.headers.get('x-request-id') ?? '')
  if (response.status === 401 && !options.quiet401) onUnauthenticated(path)
  throw problem
}

async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const response = await send(method, path, options, 'application/json')
  if (response.status === 204) return undefined as T
  return (await readJson(response)) as T
}

/** A file the server made, with its name and how many characters no font could print. */
export interface FileAnswer {
  blob: Blob
  name: string
  missing: number
}

/** The name of a file as the server gives it (RFC 5987). */
export function fileName(disposition: string | null): string {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? '')?.[1]
  try {
    return encoded ? decodeURIComponent(encoded) : ''
  } catch {
    return ''
  }
}

async function file(path: string, body: unknown): Promise<FileAnswer> {
  const response = await send('POST', path, { body }, '*/*')
  return {
    blob: await response.blob(),
    name: fileName(response.headers.get('content-disposition')),
    missing: Number(response.headers.get('x-unprintable-characters') ?? 0),
  }
}

/** The only way to the server. Paths start behind `/api/v1`; every failure is a `Problem`. */
export const http = {
  get: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal }),
  /** What anybody may read; nobody is told who asks. */
  open: <T>(path: string, query?: Query, signal?: AbortSignal) => request<T>('GET', path, { query, signal, open: true }),
  post: <T>(path: string, body: unknown) => request<T>('POST', path, { body }),
  /** Asks for something that comes as a file. */
  file,
  patch: <T>(path: string, body: unknown) => request<T>('PATCH', path, { body }),
  /** `leaving`: the page may go before the answer comes. */
  put: <T = void>(path: string, body: unknown, leaving = false) => request<T>('PUT', path, { body, leaving }),
  delete: <T = void>(path: string) => request<T>('DELETE', path),
  /** Asks without the reader doing anything (polling). */
  poll: <T>(path: string) => request<T>('GET', path, { background: true }),
  /** Like `get`/`post`, but a 401 does not send the reader to the sign-in page. */
  quiet: <T>(method: 'GET' | 'POST', path: string, body?: unknown) => request<T>(method, path, { body, quiet401: true }),
}

/** Reads JSON lines as they arrive; used for answers too long to hold back until they are complete. */
export async function* jsonLines<T>(path: string, query?: Query, signal?: AbortSignal): AsyncGenerator<T> {
  const response = await send('GET', path, { query, signal }, 'application/x-ndjson')
  if (!response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  for (;;) {
    const { done, value } = await reader.read()
    rest += value ?? ''
    const lines = rest.split('\n')
    rest = done ? '' : (lines.pop() ?? '')
    for (const line of lines) if (line.trim()) yield JSON.parse(line) as T
    if (done) return
  }
}

/** Walks all pages of a list up to a bound; for short lists only (choices of a form). */
export async function allPages<T>(load: (cursor: string | null) => Promise<Page<T>>, bound = 400): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await load(cursor)
    items.push(...page.items)
    cursor = page.next
  } while (cursor && items.length < bound)
  return items
}

/** Path piece for an id or a place code typed by nobody knows whom. */
export const seg = (piece: string): string => encodeURIComponent(piece).replaceAll('%3A', ':')
/** Address of a server-sent event stream (EventSource cannot go through fetch). */
export const streamUrl = (path: string): string => BASE + path
