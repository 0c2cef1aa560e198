import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { http } from '@/api/client'
import { Problem } from '@/api/problem'
import type { PlaceRef } from '@/api/types'

export interface Session {
  account: { id: string; username: string; display_name: string; must_change_password: boolean }
  roles: string[]
  places: (PlaceRef & { role: string })[]
  permits: string[]
  expires_at: string
}

/** Who is signed in, and what this account may do. */
export const useSession = defineStore('session', () => {
  const current = ref<Session | null>(null)
  /** False until the first look at the server is over. */
  const known = ref(false)
  const permits = computed(() => new Set(current.value?.permits ?? []))

  /** Whether the account holds a permit; an absent code means everybody. */
  const can = (code?: string): boolean => !code || permits.value.has(code)

  /** The highest place of the account: what a list shows when no place is chosen. */
  const home = computed<PlaceRef | null>(() => {
    const places = current.value?.places ?? []
    return places.reduce<PlaceRef | null>((best, p) => (!best || p.level < best.level ? p : best), null)
  })

  /** Looks once whether the cookie of an earlier visit still holds. */
  async function look(): Promise<void> {
    try {
      current.value = await http.quiet<Session>('GET', '/session')
    } catch (thrown) {
      if (!(thrown instanceof Problem) || thrown.status !== 401) throw thrown
      current.value = null
    }
    known.value = true
  }

  async function signIn(username: string, password: string): Promise<void> {
    current.value = await http.quiet<Session>('POST', '/session', { username, password })
    known.value = true
  }

  async function signOut(): Promise<void> {
    try {
      await http.delete('/session')
    } finally {
      forget()
    }
  }

  function forget(): void {
    current.value = null
  }

  return { current, known, can, home, look, signIn, signOut, forget }
})
