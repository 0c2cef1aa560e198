import { createI18n } from 'vue-i18n'

/** Messages of one room or part in both languages; nested objects of sentences. */
export interface Messages {
  zh: object
  en: object
}

type Tree = Record<string, object>
const found = {
  ...import.meta.glob<Messages>('../rooms/*/*/messages.ts', { eager: true, import: 'default' }),
  ...import.meta.glob<Messages>(['./messages.ts', '../kit/messages.ts'], { eager: true, import: 'default' }),
}

/** `../rooms/places/stations/messages.ts` speaks under `stations`, `./messages.ts` under `app`. */
function wordOf(path: string): string {
  if (path === './messages.ts') return 'app'
  return path.split('/').at(-2) ?? path
}

function collect(language: keyof Messages): Tree {
  return Object.fromEntries(Object.entries(found).map(([path, messages]) => [wordOf(path), messages[language]]))
}

const REMEMBERED = 'sheqiao.language'
export type Language = 'zh' | 'en'

function firstLanguage(): Language {
  return localStorage.getItem(REMEMBERED) === 'en' ? 'en' : 'zh'
}

export const i18n = createI18n({
  legacy: false,
  locale: firstLanguage(),
  fallbackLocale: 'zh',
  messages: { zh: collect('zh'), en: collect('en') },
  missingWarn: false,
  fallbackWarn: false,
})

/** The language of the desk now. */
export const language = (): Language => (i18n.global.locale.value === 'en' ? 'en' : 'zh')
/** The same as a language tag for `lang` attributes and `Accept-Language`. */
export const languageTag = (): string => (language() === 'en' ? 'en' : 'zh-CN')

/** Changes the language and remembers it on this device. */
export function setLanguage(next: Language): void {
  i18n.global.locale.value = next
  localStorage.setItem(REMEMBERED, next)
  document.documentElement.lang = languageTag()
}

/** Translates outside of components (stores, plain functions). */
export const say = (key: string, named: Record<string, unknown> = {}): string => i18n.global.t(key, named)
