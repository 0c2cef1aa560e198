import { computed, onBeforeUnmount, onMounted, reactive, ref, toRaw, watch, type InjectionKey, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { asProblem, type Problem } from '@/api/problem'
import { uuidv7 } from '@/api/uuid'
import { say } from '@/app/i18n'
import { ask } from './ask'
import { dropDraft, keepDraft, readDraft } from './draft'

/** What a `FormField` needs to know of the form around it. */
export const FORM_PROBLEM: InjectionKey<Ref<Problem | null>> = Symbol('form problem')

interface Wishes<M, R> {
  /** The empty form (or the record as it is). */
  initial: () => M
  /** Sends the form; `id` stays the same over retries, so a doubtful send may be repeated. */
  submit: (model: M, id: string) => Promise<R>
  /** Name of the draft; without it nothing is kept. */
  draftKey?: string
  /** Guard against leaving the page with unsaved changes; false for forms inside dialogs. */
  guard?: boolean
}

interface Draft<M> {
  model: M
  id: string
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** State of one form: model, dirty, sending, problem, draft, and the client-made id of what it creates. */
export function useForm<M extends object, R = unknown>(wishes: Wishes<M, R>) {
  const draft = wishes.draftKey ? readDraft<Draft<M>>(wishes.draftKey) : null
  const model = reactive(draft ? { ...wishes.initial(), ...draft.model } : wishes.initial()) as M
  const id = ref(draft?.id ?? uuidv7())
  const clean = ref(JSON.stringify(wishes.initial()))
  const now = ref(JSON.stringify(model))
  const dirty = computed(() => now.value !== clean.value)
  const sending = ref(false)
  const problem = ref<Problem | null>(null) as Ref<Problem | null>
  const restored = ref(draft !== null)

  watch(model, () => {
    now.value = JSON.stringify(toRaw(model))
    if (wishes.draftKey && now.value !== clean.value) keepDraft(wishes.draftKey, { model: toRaw(model), id: id.value })
  }, { deep: true, flush: 'sync' })

  function settle(): void {
    clean.value = now.value
    if (wishes.draftKey) dropDraft(wishes.draftKey)
    restored.value = false
  }

  /** Puts other values in, as saved: the form is then clean. */
  function fill(values: M): void {
    Object.assign(model, copy(values))
    now.value = JSON.stringify(toRaw(model))
    settle()
  }

  /** Empties the form and takes a new id. */
  function reset(): void {
    fill(wishes.initial())
    id.value = uuidv7()
    problem.value = null
  }

  /** Sends once; answers with the result, or null when it was refused (then `problem` says why). */
  async function submit(): Promise<R | null> {
    if (sending.value) return null
    sending.value = true
    problem.value = null
    try {
      const result = await wishes.submit(copy(toRaw(model)) as M, id.value)
      settle()
      return result
    } catch (thrown) {
      problem.value = asProblem(thrown)
      return null
    } finally {
      sending.value = false
    }
  }

  if (wishes.guard !== false) {
    onBeforeRouteLeave(async (to) => {
      if (!dirty.value || to.name === 'login') return true
      const leave = await ask(say('kit.form.leaveText'), { title: say('kit.form.leaveTitle'), yes: say('kit.form.leave'), no: say('kit.form.stay') })
      if (leave && wishes.draftKey) dropDraft(wishes.draftKey)
      return leave
    })
    const warn = (event: BeforeUnloadEvent) => { if (dirty.value) event.preventDefault() }
    onMounted(() => window.addEventListener('beforeunload', warn))
    onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  }

  return reactive({ model, id, dirty, sending, problem, restored, submit, reset, fill })
}

/** What `useForm` answers with. */
export type Form<M extends object, R = unknown> = ReturnType<typeof useForm<M, R>>
