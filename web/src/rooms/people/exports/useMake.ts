import { ref, watch } from 'vue'
import { uuidv7 } from '@/api/uuid'
import { language, say } from '@/app/i18n'
import { toast, toastProblem } from '@/kit/ask'
import { useJob } from '@/kit/useJob'
import { Problem } from '@/api/problem'
import { fileUrl, makeExport } from './api'

/** Makes the file of an export in the background and fetches it as soon as it is there. */
export function useMake(after: () => void) {
  const jobId = ref<string | null>(null)
  const { job } = useJob(jobId)

  async function make(id: string): Promise<void> {
    try {
      jobId.value = (await makeExport(id, uuidv7(), language() === 'en')).job
    } catch (thrown) {
      toastProblem(thrown)
      after()
    }
  }

  watch(job, (now) => {
    if (!now || now.id !== jobId.value || (now.state !== 'done' && now.state !== 'failed')) return
    jobId.value = null
    if (now.state === 'failed') return toastProblem(new Problem('job', 0, say('kit.job.state.failed')))
    const { link, rows } = now.result as unknown as { link: string; rows: number }
    const anchor = document.createElement('a')
    anchor.href = fileUrl(link)
    anchor.download = ''
    anchor.click()
    toast(say('exports.made', { n: rows }))
    window.setTimeout(after, 1000)
  })
  return { job, make }
}
