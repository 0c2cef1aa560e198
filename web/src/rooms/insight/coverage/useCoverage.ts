import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import type { Job } from '@/api/types'
import { useSession } from '@/app/session'
import { useLoad } from '@/kit/useLoad'
import { loadCoverage, loadPlace, type Coverage } from './api'
import { fromAddress, isJob, reachLevel, resultOf, toAddress, toServer, trail, type CoverageQuery } from './model'

/** The state of the coverage page: what is asked for (kept in the address), the figures, and the job that brings them when it takes long. */
export function useCoverage() {
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const { locale } = useI18n()
  const here = route.path
  const read = () => fromAddress(route.query, session.home?.code ?? '')
  const query = shallowRef<CoverageQuery>(read())
  watch(() => route.query, () => { if (route.path === here) query.value = read() })

  const asked = () => [JSON.stringify(toServer(query.value)), locale.value].join()
  const { value: answer, loading, problem, reload } = useLoad(async (signal) => (query.value.place ? loadCoverage(toServer(query.value), signal) : null), asked)
  const { value: place } = useLoad(async (signal) => (query.value.place ? loadPlace(query.value.place, signal) : null), () => query.value.place)

  const fromJob = shallowRef<Coverage | null>(null)
  const jobFailed = ref(false)
  watch(answer, () => { fromJob.value = null; jobFailed.value = false })
  const job = computed(() => (isJob(answer.value) ? answer.value.job : null))
  const shown = computed<Coverage | null>(() => (isJob(answer.value) ? fromJob.value : answer.value))
  const crumbs = computed(() => trail(place.value?.ancestors ?? [], reachLevel(query.value.kind, session.home?.level ?? 1)))

  function jobDone(done: Job): void {
    fromJob.value = resultOf(done.result)
    jobFailed.value = fromJob.value === null
  }

  /** Asks for something else. A step to another place can be gone back; a changed condition takes the place of the old one. */
  function change(part: Partial<CoverageQuery>): void {
    const to = { path: here, query: toAddress({ ...query.value, ...part }) }
    void (part.place === undefined ? router.replace(to) : router.push(to))
  }

  return { query, shown, place, crumbs, loading, problem, reload, job, jobDone, jobFailed, change }
}
