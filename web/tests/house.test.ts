import { expect, test } from 'vitest'
import { sources, withoutComments } from './sources'

const kebab = (name: string) => name.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase()

test('every Element Plus part in use has its style in theme/element.ts', () => {
  const styles = sources.find((s) => s.path === 'theme/element.ts')?.text ?? ''
  const used = new Set(sources.flatMap((s) => [...s.text.matchAll(/import \{([^}]*)\} from 'element-plus'/g)].flatMap((m) => (m[1] ?? '').split(',')))
    .map((name) => name.trim().replace(/^type /, '')).filter((name) => /^El[A-Z]/.test(name) && name !== 'ElConfigProvider'))
  expect([...used].filter((name) => !styles.includes(`/${kebab(name)}.css`))).toEqual([])
})

test('Element Plus is never taken whole', () => {
  expect(sources.filter((s) => /import \w+ from 'element-plus'|element-plus\/dist/.test(s.text)).map((s) => s.path)).toEqual([])
})

test('Vue files stay within 250 lines', () => {
  expect(sources.filter((s) => s.path.endsWith('.vue') && s.text.split('\n').length > 251).map((s) => s.path)).toEqual([])
})

test('nobody writes any or v-html', () => {
  expect(sources.filter((s) => /:\s*any\b|as any\b|<any>|v-html/.test(withoutComments(s.text))).map((s) => s.path)).toEqual([])
})

test('kit and app know no room', () => {
  expect(sources.filter((s) => /^(kit|api|theme)\//.test(s.path) && /from '@\/rooms/.test(s.text)).map((s) => s.path)).toEqual([])
})

test('nothing comes from outside', () => {
  const outside = sources.flatMap((s) => [...withoutComments(s.text).matchAll(/https?:\/\/[^\s'"`)]+/g)].map((m) => `${s.path}: ${m[0]}`)).filter((hit) => !hit.includes('www.w3.org'))
  expect(outside).toEqual([])
})
