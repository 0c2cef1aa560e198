import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, test } from 'vitest'
import type { RouteLocationNormalizedLoaded } from 'vue-router'
import { pageKey } from './pageKey'
import { useTabs } from './tabs'

const at = (path: string, query = '', matched: object[] = [{ path }]) => ({ path, fullPath: path + query, meta: {}, matched }) as unknown as RouteLocationNormalizedLoaded

beforeEach(() => {
  sessionStorage.clear()
  setActivePinia(createPinia())
})

test('a page opened again keeps one tab and takes its new filters', () => {
  const tabs = useTabs()
  tabs.open(at('/persons'))
  tabs.open(at('/persons', '?grade=A'))
  expect(tabs.opened.map((tab) => tab.fullPath)).toEqual(['/persons?grade=A'])
})

test('closing the page in front shows its neighbour, closing another shows nothing new', () => {
  const tabs = useTabs()
  for (const path of ['/a', '/b', '/c']) tabs.open(at(path))
  expect(tabs.close('/a', '/b')).toBeNull()
  expect(tabs.close('/c', '/c')).toBe('/b')
  expect(tabs.close('/b', '/b')).toBe('/today')
})

test('titles of records do not outlive sign-out and are never stored', () => {
  const tabs = useTabs()
  tabs.open(at('/persons/1'))
  tabs.setTitle('/persons/1', 'Name')
  tabs.forget()
  expect(tabs.titles).toEqual({})
  expect(JSON.stringify(sessionStorage)).not.toContain('Name')
})

test('pages inside a page share its tab', () => {
  expect(pageKey(at('/divisions/430703', '', [{ path: '/divisions' }, { path: '/divisions/:code' }]))).toBe('/divisions')
  expect(pageKey(at('/persons/1'))).toBe('/persons/1')
})
