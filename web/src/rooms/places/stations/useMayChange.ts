import { computed, type ComputedRef } from 'vue'
import type { PlaceRef } from '@/api/types'
import { useSession } from '@/app/session'
import { inBranches } from './model'

/**
 * Whether to offer changes to what stands in a place. Network figures can be read across the county, but changed only inside
 * the account's own places; the server has the last word.
 */
export function useMayChange(place: () => PlaceRef | null | undefined): ComputedRef<boolean> {
  const session = useSession()
  return computed(() => {
    const where = place()
    return !!where && session.can('places.network.change') && inBranches(session.current?.places ?? [], where)
  })
}
