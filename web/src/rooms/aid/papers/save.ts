import type { FileAnswer } from '@/api/client'
import { say } from '@/app/i18n'
import { toast } from '@/kit/ask'

/** Hands a printed file to the browser and says what became of it. */
export function save({ blob, name, missing }: FileAnswer): void {
  const anchor = document.createElement('a')
  anchor.href = URL.createObjectURL(blob)
  anchor.download = name
  document.body.append(anchor)
  anchor.click()
  anchor.remove()
  // The browser has taken the address by then.
  window.setTimeout(() => URL.revokeObjectURL(anchor.href), 60_000)
  toast(missing > 0 ? say('papers.missing', { n: missing }) : say('papers.made', { name }))
}
