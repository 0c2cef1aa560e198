import { computed } from 'vue'
import { useLoad } from '@/kit/useLoad'
import { getPerson, paramsAt, type Param, type PersonPage } from './api'
import { allowedModes, intervalOf } from './interval'

/** A person with the reason of the next due day; the parameters are asked for only where the server does not say why itself. */
export function usePerson(id: () => string) {
  const person = useLoad<PersonPage | null>((signal) => (id() ? getPerson(id(), signal) : Promise.resolve(null)), id)
  const village = computed(() => person.value.value?.village?.code ?? '')
  const params = useLoad<Param[]>((signal) => (village.value ? paramsAt(village.value, signal) : Promise.resolve([])), village)
  const why = computed(() => {
    const p = person.value.value
    if (!p || p.due_state === 'none') return null
    return p.due_why ?? intervalOf(params.value.value ?? [], p)
  })
  const modes = computed(() => {
    const p = person.value.value
    return p ? allowedModes(params.value.value ?? [], p) : null
  })
  return { person: person.value, loading: person.loading, problem: person.problem, reload: person.reload, why, modes, params: params.value }
}
