import { computed, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useCodes, type CategoryEntry } from '@/kit/codes'
import type { DueWhy } from '../persons/api'
import { proposedNext, recurring, reasonOf } from '../persons/interval'
import { missingIn, wasMet, type VisitForm } from './newVisit'

/** What the form says beside its fields: does this way of visiting count, must two go, when is the next visit. */
export function useVisitHints(form: VisitForm, why: Ref<DueWhy | null>, modes: Ref<string[] | null>, tried: Ref<boolean>) {
  const { t } = useI18n()
  const codes = useCodes()
  void codes.need()
  const people = computed(() => (codes.entries('visit_kind') as (CategoryEntry & { min_people?: number })[]).find((e) => e.code === form.kind)?.min_people ?? 1)
  const missing = computed(() => (tried.value ? missingIn(form, people.value) : []))
  const modeHint = computed(() => (modes.value && form.mode && !modes.value.includes(form.mode) ? t('visits.modeNotCounted') : ''))
  const proposed = computed(() => (wasMet(form.contact_result) ? proposedNext(form.visited_on, why.value) : ''))
  const nextHint = computed(() => {
    if (!why.value || !recurring(why.value)) return ''
    const reason = reasonOf(why.value.from)
    const text = t('visits.nextWhy', { why: reason ? codes.label(reason.list, reason.code) : '', n: why.value.interval_days })
    return why.value.verified ? text : `${text} ${t('persons.why.unverified')}`
  })
  return { twoPeople: computed(() => people.value > 1), missing, modeHint, proposed, nextHint, check: () => missingIn(form, people.value) }
}
