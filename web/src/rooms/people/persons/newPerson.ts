import { uuidv7 } from '@/api/uuid'
import type { CategoryEntry } from '@/kit/codes'
import type { NewPerson, PersonChange, PersonPage } from './api'
import { CITIZEN_LIKE, folded, readIdNumber, type IdReading } from './idNumber'

/** One category in a form; `id` is kept over retries. */
export interface CategoryDraft {
  id: string
  category: string
  from: string
  evidence_kind: string
  evidence_ref: string
  source: string
  sub_code?: string
  valid_until?: string
}

/** What can be said of a person after registration too. */
export interface PersonFacts {
  name: string
  sex: string
  birth_date: string
  phone: string
  village: string
  address: string
  /** Whether the registered residence is known, the same as the place of living, or another. */
  hukou: 'unknown' | 'same' | 'other'
  hukou_village: string
  hukou_address: string
  residence_since: string
  usual_name: string
  former_names: string
  ethnicity: string
  marital: string
  education: string
  political: string
  nationality: string
  note: string
  told: boolean
  told_on: string
  told_way: string
}

/** The registration form. */
export interface PersonForm extends PersonFacts {
  doc_type: string
  number: string
  no_number_reason: string
  lead_source: string
  categories: CategoryDraft[]
}

export const emptyFacts = (today: string): PersonFacts => ({
  name: '', sex: '', birth_date: '', phone: '', village: '', address: '', hukou: 'unknown', hukou_village: '', hukou_address: '', residence_since: '',
  usual_name: '', former_names: '', ethnicity: '', marital: '', education: '', political: '', nationality: '', note: '', told: false, told_on: today, told_way: 'oral',
})

export const emptyPerson = (today: string, village = ''): PersonForm => ({
  ...emptyFacts(today), village, nationality: 'CHN', doc_type: 'citizen_id', number: '', no_number_reason: '', lead_source: 'visit', categories: [],
})

export const newCategory = (today: string): CategoryDraft => ({ id: uuidv7(), category: '', from: today, evidence_kind: '', evidence_ref: '', source: '' })

/** Usual evidence and source of a category, so that they need not be chosen again. */
export function withCategory(draft: CategoryDraft, entry: (CategoryEntry & { evidence?: string }) | undefined): CategoryDraft {
  if (!entry) return draft
  return { ...draft, category: entry.code, evidence_kind: entry.evidence ?? draft.evidence_kind, source: entry.statutory ? 'document' : 'worker_judgement' }
}

/** What the number in the form says; `empty` for documents whose number says nothing. */
export function readingOf(form: Pick<PersonForm, 'doc_type' | 'number'>, today: string): IdReading {
  return CITIZEN_LIKE.includes(form.doc_type) ? readIdNumber(form.number, today) : { state: 'empty' }
}

export type Missing = 'name' | 'sex' | 'village' | 'number' | 'no_number_reason' | 'lead_source' | 'category' | 'evidence_kind' | 'evidence_ref'

/** What must still be filled in or put right before the form can be sent. */
export function missingIn(form: PersonForm, today: string): Missing[] {
  const open: Missing[] = []
  const reading = readingOf(form, today)
  if (form.doc_type === 'none') { if (!form.no_number_reason.trim()) open.push('no_number_reason') }
  else if (!form.number.trim() || reading.state === 'trouble') open.push('number')
  if (!form.name.trim()) open.push('name')
  if (!form.sex) open.push('sex')
  if (!form.village) open.push('village')
  if (form.categories.some((c) => !c.category)) open.push('category')
  if (form.categories.some((c) => !c.evidence_kind)) open.push('evidence_kind')
  if (form.categories.some((c) => !c.evidence_ref.trim())) open.push('evidence_ref')
  if (!form.lead_source) open.push('lead_source')
  return open
}

/** Several names typed into one field, parted by blanks, commas or enumeration commas. */
const namesIn = (text: string): string[] => text.split(/[\s,\uFF0C\u3001;\uFF1B]+/).filter(Boolean)

type Texts = Record<string, string>
const filled = <T extends Texts>(texts: T): Partial<T> => Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, text.trim()]).filter(([, text]) => text)) as Partial<T>

function hukouOf(form: PersonFacts): Texts {
  if (form.hukou === 'same') return { hukou_village: form.village, hukou_address: form.address }
  return form.hukou === 'other' ? { hukou_village: form.hukou_village, hukou_address: form.hukou_address, residence_since: form.residence_since } : {}
}

/** The form as the server takes it: nothing empty, the number in its normal form. */
export function toNewPerson(form: PersonForm, id: string, today: string): NewPerson {
  const reading = readingOf(form, today)
  const number = form.doc_type === 'none' ? '' : reading.state === 'good' ? reading.normal : folded(form.number)
  return {
    id, name: form.name.trim(), sex: form.sex, doc_type: form.doc_type, village: form.village, lead_source: form.lead_source,
    ...filled({ number, no_number_reason: form.doc_type === 'none' ? form.no_number_reason : '' }),
    ...filled({
      birth_date: form.birth_date, phone: form.phone.replace(/\s/g, ''), address: form.address, usual_name: form.usual_name,
      ethnicity: form.ethnicity, marital: form.marital, education: form.education, political: form.political, nationality: form.nationality, note: form.note,
    }),
    ...filled(hukouOf(form)),
    ...(namesIn(form.former_names).length ? { former_names: namesIn(form.former_names) } : {}),
    found_by_visit: form.lead_source === 'visit',
    categories: form.categories.map((c) => ({ ...c, evidence_ref: c.evidence_ref.trim() })),
    ...(form.told ? { told: { on: form.told_on, way: form.told_way } } : {}),
  }
}

/** A known person as the change form shows it; masked values stay empty and mean "as it is". */
export function factsOf(person: PersonPage, today: string): PersonFacts {
  return {
    ...emptyFacts(today),
    name: person.name, sex: person.sex, birth_date: person.birth_date ?? '', village: person.village?.code ?? '',
    hukou: person.hukou_village ? (person.mismatch ? 'other' : 'same') : 'unknown', hukou_village: person.hukou_village?.code ?? '',
    residence_since: person.residence_since ?? '', usual_name: person.usual_name ?? '', former_names: person.former_names.join(' '), note: person.note ?? '',
    ethnicity: person.ethnicity ?? '', marital: person.marital ?? '', education: person.education ?? '', political: person.political ?? '', nationality: person.nationality ?? '',
    told: !!person.told, told_on: person.told?.on ?? today, told_way: person.told?.way ?? 'oral',
  }
}

/** Never empty: an emptied field is no change. */
const FIRM = ['name', 'sex', 'village', 'residence_since'] as const
const PLAIN = ['birth_date', 'phone', 'address', 'hukou_address', 'usual_name', 'ethnicity', 'marital', 'education', 'political', 'nationality', 'note'] as const

/** Only what was changed; an emptied field is cleared. */
export function changesOf(before: PersonFacts, after: PersonFacts): PersonChange {
  const change: PersonChange = {}
  for (const key of FIRM) if (after[key].trim() && after[key].trim() !== before[key].trim()) change[key] = after[key].trim()
  for (const key of PLAIN) if (after[key].trim() !== before[key].trim()) change[key] = after[key].trim() || null
  if (after.former_names.trim() !== before.former_names.trim()) change.former_names = namesIn(after.former_names)
  const hukou = after.hukou === 'same' ? after.village : after.hukou_village
  if (after.hukou !== 'unknown' && hukou && (after.hukou !== before.hukou || hukou !== before.hukou_village)) change.hukou_village = hukou
  if (after.told && (!before.told || after.told_on !== before.told_on || after.told_way !== before.told_way)) change.told = { on: after.told_on, way: after.told_way }
  return change
}
