import { ref, shallowRef } from 'vue'
import { useForm } from '@/kit/useForm'
import { changedFields } from './model'

interface Wishes<R extends { rev: number }, M extends object> {
  record: R
  toModel: (record: R) => M
  load: () => Promise<R>
  send: (body: object) => Promise<unknown>
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/**
 * A form over a record that is there already: sends only what differs. When somebody else was quicker (`stale`), `renew` takes
 * the record as it is now, keeps on top what was typed here, and names in `theirs` the fields the other one has changed.
 */
export function useChangeForm<R extends { rev: number }, M extends object>(wishes: Wishes<R, M>) {
  const base = shallowRef(wishes.toModel(wishes.record))
  const rev = ref(wishes.record.rev)
  const theirs = ref<string[]>([])

  const form = useForm<M, true>({
    initial: () => copy(base.value),
    submit: async (model) => {
      const changes = changedFields(base.value, model)
      if (Object.keys(changes).length) await wishes.send({ rev: rev.value, ...changes })
      return true
    },
  })

  async function renew(): Promise<void> {
    const fresh = await wishes.load()
    const typed = copy(form.model) as M
    const mine = Object.keys(changedFields(base.value, typed)) as (keyof M)[]
    const now = wishes.toModel(fresh)
    theirs.value = Object.keys(changedFields(base.value, now))
    base.value = now
    rev.value = fresh.rev
    form.fill(copy(now))
    Object.assign(form.model as M, Object.fromEntries(mine.map((key) => [key, typed[key]])))
    form.problem = null
  }

  return { form, theirs, renew }
}
