import { useI18n } from 'vue-i18n'
import { useCodes } from '@/kit/codes'
import type { Run } from './api'

/** A bulk act in one line. */
export function useRunText(): (run: Run) => string {
  const { t } = useI18n()
  const codes = useCodes()
  void codes.need()
  return (run) => t(`bulk.kind.${run.kind}`, { n: run.total, worker: run.worker?.name ?? t('persons.nobody'), grade: codes.label('grade', run.grade) })
}
