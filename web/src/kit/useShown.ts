import { computed, shallowRef, watch, type Ref, type WritableComputedRef } from 'vue'

/**
 * Opens a dialog by what it is about, and keeps that while the dialog fades out: cleared at once, its words would change on the way.
 * `open` writes `empty` back when the dialog closes; `shown` is what it shows, the last value that was not empty.
 */
export function useShown<T>(about: Ref<T>, empty: T): { open: WritableComputedRef<boolean>; shown: Readonly<Ref<T>> } {
  const shown = shallowRef(about.value) as Ref<T>
  watch(about, (now) => { if (now !== empty) shown.value = now }, { flush: 'sync' })
  const open = computed({ get: () => about.value !== empty, set: (on) => { if (!on) about.value = empty } })
  return { open, shown }
}
