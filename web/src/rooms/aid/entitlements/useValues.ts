import { useI18n } from 'vue-i18n'
import type { FactKind } from './api'
import { numberText } from './model'

/** Amounts and facts in words of the language on screen. */
export function useValues() {
  const { t, locale } = useI18n()
  const english = (): boolean => locale.value === 'en'
  const word = (zh: string, en: string): string => (english() && en ? en : zh)

  /** A number with its unit. */
  const amount = (value: number, unit: string, decimals: number): string =>
    t(`entitlements.units.${unit}`, { n: numberText(value, unit, decimals, locale.value) })

  /** What a fact holds. */
  function held(kind: FactKind, value: number): string {
    if (kind.kind === 'flag') return t(value === 1 ? 'entitlements.yes' : 'entitlements.no')
    if (kind.kind === 'number') return amount(value, kind.unit, kind.decimals)
    const choice = kind.choices.find((c) => c.code === value)
    return choice ? word(choice.label, choice.label_en) : String(value)
  }

  /** The unit alone, for the label of a field. */
  const unitOf = (unit: string): string => (unit === 'none' ? '' : t(`entitlements.units.${unit}`, { n: '' }).trim())

  /** A clause as the language writes articles. */
  const clause = (source: string): string => source.replace(/ ?art\. ?([\d–、]+)/g, (_, n: string) => t('entitlements.article', { n }))

  return { word, amount, held, unitOf, clause }
}
