import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { language } from '@/app/i18n'
import { loadRoles, type Role } from './api'

/** The roles an account may be granted; asked for once. */
export const useRoles = defineStore('roles', () => {
  const roles = shallowRef<Role[]>([])
  let asked: Promise<void> | null = null

  function need(): void {
    asked ??= loadRoles().then((items) => { roles.value = items }).catch(() => { asked = null })
  }

  /** The label of a role in the language of the desk. */
  function label(code: string): string {
    const role = roles.value.find((r) => r.code === code)
    if (!role) return code
    return language() === 'en' ? role.label_en || role.label : role.label
  }

  return { roles, need, label }
})
