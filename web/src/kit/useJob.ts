import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { http, seg, streamUrl } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { Job } from '@/api/types'

const over = (job: Job) => job.state === 'done' || job.state === 'failed'

/** Follows a background job by server-sent events, and by asking every two seconds where events do not get through. */
export function useJob(id: Ref<string | null>) {
  const job = ref<Job | null>(null)
  const problem = ref<Problem | null>(null)
  let source: EventSource | null = null
  let timer = 0

  function stop(): void {
    source?.close()
    source = null
    window.clearTimeout(timer)
  }

  async function poll(wanted: string): Promise<void> {
    try {
      const now = await http.poll<Job>(`/jobs/${seg(wanted)}`)
      if (id.value !== wanted) return
      job.value = now
      problem.value = null
      if (!over(now)) timer = window.setTimeout(() => void poll(wanted), 2000)
    } catch (thrown) {
      problem.value = asProblem(thrown)
      if (problem.value.code === 'offline') timer = window.setTimeout(() => void poll(wanted), 5000)
    }
  }

  function follow(wanted: string): void {
    source = new EventSource(streamUrl(`/jobs/${seg(wanted)}/events`))
    source.addEventListener('progress', (event) => {
      job.value = JSON.parse((event as MessageEvent<string>).data) as Job
      if (over(job.value)) stop()
    })
    source.onerror = () => {
      stop()
      void poll(wanted)
    }
  }

  watch(id, (wanted) => {
    stop()
    job.value = null
    problem.value = null
    if (wanted) follow(wanted)
  }, { immediate: true })
  onScopeDispose(stop)
  return { job, problem }
}
