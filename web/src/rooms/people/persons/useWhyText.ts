import { useI18n } from 'vue-i18n'
import { useCodes } from '@/kit/codes'
import type { DueWhy } from './api'
import { reasonOf } from './interval'

/** Says in words why somebody is due. */
export function useWhyText() {
  const { t } = useI18n()
  const codes = useCodes()
  void codes.need()
  return (why: DueWhy): string => {
    const n = why.interval_days
    const reason = reasonOf(why.from)
    if (!reason) return t('persons.why.every0', { n })
    if (reason.list === 'ledger_state') return reason.code === 'lead' ? t('persons.why.lead', { n }) : t('persons.why.verifying', { n })
    return t('persons.why.every', { why: codes.label(reason.list, reason.code), n })
  }
}
