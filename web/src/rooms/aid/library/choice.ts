import { ref, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { today } from '@/app/time'
import { useLoad } from '@/kit/useLoad'
import { getLibrary, type Library } from './api'

/** The code of the place whose standards are shown; nothing stands for the nation. Forgotten with the page. */
export const place = ref('')
/** Situations chosen for the next check; they are taken along in memory, not in an address. */
export const chosen = ref<string[]>([])
/** Large letters and strong contrast; for this visit. */
export const large = ref(false)
export const contrast = ref(false)

/** The shelf read last, with the day it was read on. */
const shelf = shallowRef<{ place: string, day: string, library: Library } | null>(null)

/** The public shelf of the place chosen. It is one answer for all policies, so that the server does not learn which of them is read. */
export function useLibrary() {
  const route = useRoute()
  const router = useRouter()
  if (typeof route.query.place === 'string') place.value = route.query.place
  const { value, loading, problem, reload } = useLoad<Library>(async (signal) => {
    const wanted = place.value
    const day = today()
    if (shelf.value?.place !== wanted || shelf.value.day !== day) shelf.value = { place: wanted, day, library: await getLibrary(wanted, signal) }
    return shelf.value.library
  }, place)
  // The address can be handed on with the place in it.
  watch(place, (now) => { if (!route.path.endsWith('/zicha')) void router.replace({ query: now ? { place: now } : {} }) })
  return { library: value, loading, problem, reload }
}
