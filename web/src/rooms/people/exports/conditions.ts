/** How the conditions of a list are told to who approves its export: message key of the field, and the code list of its values. */
const FIELDS: Record<string, Record<string, [words: string, codes?: string]>> = {
  persons: { q: ['persons.find'], place: ['persons.place'], category: ['persons.categories', 'category'], grade: ['persons.grade', 'grade'], state: ['persons.state', 'ledger_state'] },
  due: { place: ['persons.place'], worker: ['persons.worker'], state: ['persons.nextDue'] },
  visits: {
    person: ['visits.who'], place: ['visits.placeFilter'], from: ['visits.from'], to: ['visits.to'], kind: ['visits.kind', 'visit_kind'], service: ['visits.services', 'service_kind'],
    field: ['visits.field', 'work_field'], mode: ['visits.mode', 'visit_mode'], acts: ['visits.onlyActs'],
  },
}

/** Words for fields, codes and places; each answers with what it was given when it knows nothing better. */
export interface Words {
  field: (key: string) => string
  code: (list: string, code: string) => string
  place: (code: string) => string
  person: (id: string) => string
  yes: string
  join: string
}

/** The conditions of a query string in words, a field each; a condition nobody knows is shown as it stands. */
export function conditionLines(list: string, query: string, words: Words): string[] {
  const fields = FIELDS[list] ?? {}
  const asked = new Map<string, string[]>()
  for (const [key, value] of new URLSearchParams(query)) asked.set(key, [...(asked.get(key) ?? []), value])
  return [...asked].map(([key, values]) => {
    const [label, codes] = fields[key] ?? []
    const said = values.map((value) => (key === 'place' ? words.place(value) : codes ? words.code(codes, value) : key === 'worker' ? words.person(value) : list === 'due' && key === 'state' ? words.field(`due.state.${value}`) : value === 'true' ? words.yes : value))
    return `${label ? words.field(label) : key} ${said.join(words.join)}`
  })
}

/** The places a query string names. */
export const placesIn = (query: string): string[] => new URLSearchParams(query).getAll('place')
