import { computed } from 'vue'
import { useSession } from '@/app/session'

/** The one place an account works in, or '' when there are several: people are registered inside it, so the picker begins there. */
export function useOwnPlace() {
  const session = useSession()
  return computed(() => {
    const codes = [...new Set((session.current?.places ?? []).map((p) => p.code))]
    return codes.length === 1 ? (codes[0] ?? '') : ''
  })
}
