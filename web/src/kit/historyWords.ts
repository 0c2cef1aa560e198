/** One field of a change as the server tells it: null before an insert, after a removal, and for what is secret. */
export interface FieldChange { field: string; before: string | null; after: string | null }

/** What words are made with. */
export interface Speech {
  t: (key: string, named?: Record<string, unknown>) => string
  te: (key: string) => boolean
  /** The label of a code; the code itself where it is none. */
  label: (list: string, code: string) => string
}

/** The code list of a field. Where two kinds of record use one name for two lists, the kind stands before it. */
const LISTS: Record<string, string> = {
  sex: 'sex', ethnicity: 'ethnicity', nationality: 'nationality', marital: 'marital', education: 'education', political: 'political', doc_type: 'id_doc_type', lead_source: 'lead_source', told_way: 'told_way',
  grade: 'grade', ledger_state: 'ledger_state', categories: 'category', category: 'category', evidence_kind: 'evidence_kind', relation: 'relation', contact_result: 'contact_result', mode: 'visit_mode',
  risk_signs: 'risk_sign', needs: 'need_domain', services: 'service_kind', work_field: 'work_field', operating_mode: 'operating_mode', employment_mode: 'employment_mode', premises: 'premises',
  'visit.kind': 'visit_kind', 'household.kind': 'household_kind', 'station.status': 'station_status', 'point.status': 'station_status',
}
const RECORD = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Several codes are kept as `A,B` or as a JSON list. */
function parts(text: string): string[] {
  if (!text.startsWith('[')) return text.split(',')
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))) : [text]
  } catch {
    return [text]
  }
}

/** A value in words: labels for codes, yes and no, and no number of another record. */
export function valueWords(kind: string, field: string, value: string | null, speech: Speech): string {
  const { t, label } = speech
  if (value === null || value === '' || value === '[]') return t('kit.history.nothing')
  if (value === 'true') return t('kit.history.yes')
  if (value === 'false') return t('kit.history.no')
  if (RECORD.test(value)) return t('kit.history.other')
  const list = LISTS[`${kind}.${field}`] ?? LISTS[field]
  if (!list) return value
  return parts(value).map((code) => (list === 'category' && code === 'DIS' ? t('kit.history.disability') : label(list, code))).join(t('kit.history.comma'))
}

/** The name of a field; its name in the contract where nobody gave it one. */
export const fieldWords = (field: string, { t, te }: Speech): string => (te(`kit.history.field.${field}`) ? t(`kit.history.field.${field}`) : field)

/** A change in words. Of a secret only that it was changed is known. */
export function changeWords(kind: string, change: FieldChange, speech: Speech): string {
  const field = fieldWords(change.field, speech)
  if (change.before === null && change.after === null) return speech.t('kit.history.secret', { field })
  return speech.t('kit.history.change', { field, before: valueWords(kind, change.field, change.before, speech), after: valueWords(kind, change.field, change.after, speech) })
}
