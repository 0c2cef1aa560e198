import { computed, onBeforeUnmount, onMounted, reactive, ref, shallowRef, toRaw, watch, type InjectionKey, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'
import { asProblem, type Problem } from '@/api/problem'
import { uuidv7 } from '@/api/uuid'
import { say } from '@/app/i18n'
import { ask } from './ask'
import { dropDraft, flushDrafts, keepDraft, newestDraft, type Draft } from './drafts'

/** What a `FormField` needs to know of the form around it. */
export const FORM_PROBLEM: InjectionKey<Ref<Problem | null>> = Symbol('form problem')

interface Wishes<M, R> {
  /** The empty form (or the record as it is). */
  initial: () => M
  /** Sends the form; `id` stays the same over retries, so a doubtful send may be repeated. */
  submit: (model: M, id: string) => Promise<R>
  /** Name of the draft kept on the server; without it nothing is kept. */
  draftKey?: string
  /** For changing a record: its revision. The form then asks for its draft by `takeDraft`, after the record was filled in. */
  baseRev?: () => number
  /** Guard against leaving the page with unsaved changes; false for forms inside dialogs. */
  guard?: boolean
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

/** State of one form: model, dirty, sending, problem, draft, and the client-made id of what it creates. */
export function useForm<M extends object, R = unknown>(wishes: Wishes<M, R>) {
  const model = reactive(wishes.initial()) as M
  const id = ref(uuidv7())
  const clean = ref(JSON.stringify(wishes.initial()))
  const now = ref(JSON.stringify(model))
  const dirty = computed(() => now.value !== clean.value)
  const sending = ref(false)
  const problem = ref<Problem | null>(null) as Ref<Problem | null>
  /** When the draft shown was kept; empty when none is shown. */
  const restored = ref('')
  /** A draft typed over an older revision of the record: shown only when the reader says so. */
  const outdated = shallowRef<Draft | null>(null)
  const looking = ref(false)
  let kept = false
  // Values put in by the desk are no typing.
  let quiet = false

  watch(model, () => {
    now.value = JSON.stringify(toRaw(model))
    if (wishes.draftKey && dirty.value && !quiet && !sending.value) {
      kept = true
      keepDraft({ id: id.value, form: wishes.draftKey, content: copy(toRaw(model)) as Record<string, unknown>, base_rev: wishes.baseRev?.() ?? 0 })
    }
  }, { deep: true, flush: 'sync' })

  function settle(): void {
    clean.value = now.value
    if (kept) dropDraft(id.value)
    kept = false
    restored.value = ''
  }

  /** Puts other values in, as saved: the form is then clean. */
  function fill(values: M): void {
    quiet = true
    Object.assign(model, copy(values))
    quiet = false
    now.value = JSON.stringify(toRaw(model))
    settle()
  }

  function show(draft: Draft): void {
    kept = true
    id.value = draft.id
    restored.value = draft.saved_at
    outdated.value = null
    Object.assign(model, draft.content)
  }

  /** Looks for a draft of this form and shows it, unless something was typed meanwhile or the record has moved on since. */
  async function takeDraft(): Promise<void> {
    if (!wishes.draftKey) return
    looking.value = true
    const draft = await newestDraft(wishes.draftKey)
    if (draft && !dirty.value) {
      if (draft.base_rev === (wishes.baseRev?.() ?? 0)) show(draft)
      else outdated.value = draft
    }
    looking.value = false
  }

  /** Shows a draft although its record has moved on. */
  function useOutdated(): void {
    const draft = outdated.value
    if (!draft) return
    dropDraft(draft.id)
    show({ ...draft, id: uuidv7() })
  }

  function dropOutdated(): void {
    if (outdated.value) dropDraft(outdated.value.id)
    outdated.value = null
  }

  /** Empties the form (or puts the record back), throws the draft away and takes a new id. */
  function reset(): void {
    fill(wishes.baseRev ? (JSON.parse(clean.value) as M) : wishes.initial())
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
      const text = say(wishes.draftKey ? 'kit.form.leaveKeeps' : 'kit.form.leaveText')
      const leave = await ask(text, { title: say('kit.form.leaveTitle'), yes: say('kit.form.leave'), no: say('kit.form.stay') })
      if (leave && wishes.draftKey) await flushDrafts()
      return leave
    })
    const warn = (event: BeforeUnloadEvent) => { if (dirty.value && !wishes.draftKey) event.preventDefault() }
    onMounted(() => window.addEventListener('beforeunload', warn))
    onBeforeUnmount(() => window.removeEventListener('beforeunload', warn))
  }
  if (wishes.draftKey && !wishes.baseRev) void takeDraft()

  return reactive({ model, id, dirty, sending, problem, restored, outdated, looking, submit, reset, fill, takeDraft, useOutdated, dropOutdated })
}

/** What `useForm` answers with. */
export type Form<M extends object, R = unknown> = ReturnType<typeof useForm<M, R>>
