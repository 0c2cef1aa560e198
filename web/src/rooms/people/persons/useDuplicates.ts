import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { findDuplicates, type Duplicate } from './api'
import { CITIZEN_LIKE } from './idNumber'
import { latest } from './latest'
import { readingOf, type PersonForm } from './newPerson'

type Question = Parameters<typeof findDuplicates>[0]

/** What is worth asking about: a name with a birth date, a village or a good number; null when it is too little. */
export function questionOf(form: Pick<PersonForm, 'name' | 'birth_date' | 'village' | 'doc_type' | 'number'> & Partial<Pick<PersonForm, 'sex' | 'phone'>>, today: string): Question | null {
  const name = form.name.trim()
  const reading = readingOf(form, today)
  const number = reading.state === 'good' ? reading.normal : CITIZEN_LIKE.includes(form.doc_type) || form.doc_type === 'none' ? '' : form.number.trim()
  if (!name || (!number && !([...name].length >= 2 && (form.birth_date || form.village)))) return null
  return { name, ...(form.sex ? { sex: form.sex } : {}), ...(form.phone?.trim() ? { phone: form.phone.trim() } : {}), ...(form.birth_date ? { birth_date: form.birth_date } : {}), ...(form.village ? { village: form.village } : {}), ...(number ? { doc_type: form.doc_type, number } : {}) }
}

/** Looks for people already registered while the form is typed. */
export function useDuplicates(form: PersonForm, today: string) {
  const items = shallowRef<Duplicate[]>([])
  const problem = shallowRef<Problem | null>(null)
  /** The reader has looked at the hits and says that this is somebody else. */
  const looked = ref(false)
  const asker = latest<Question, Duplicate[]>({
    // The hint has to stand there within half a second of the last key.
    wait: 200,
    load: (question) => findDuplicates(question),
    got: (found) => {
      if (found.map((d) => d.person.id).join() !== items.value.map((d) => d.person.id).join()) looked.value = false
      items.value = found
      problem.value = null
    },
    failed: (thrown) => { problem.value = asProblem(thrown) },
  })

  watch(() => JSON.stringify(questionOf(form, today)), (text) => {
    const question = JSON.parse(text) as Question | null
    if (question) asker.ask(question)
    else { asker.stop(); items.value = [] }
  }, { immediate: true })
  onScopeDispose(asker.stop)

  return { items, problem, looked }
}
