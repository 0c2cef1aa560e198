import type { ApplicationPage } from '../applications/api'
import type { FormKind } from './api'

/** What decides which forms of an application can be printed. */
type Stand = Pick<ApplicationPage, 'state' | 'public'>

/** The forms that make sense now; the server refuses the others with words. */
export function formsFor(file: Stand): FormKind[] {
  const forms: FormKind[] = ['application', 'survey']
  if (file.public && ['opinion', 'publicity', 'submitted', 'confirmed'].includes(file.state)) forms.push('notice')
  if (file.state === 'refused') forms.push('refusal')
  return forms
}
