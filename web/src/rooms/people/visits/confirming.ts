import { Problem } from '@/api/problem'
import { say } from '@/app/i18n'
import { ask } from '@/kit/ask'

/** Rules of the server that ask once and then take the worker's word. */
const ASKING: readonly string[] = ['service.overlap_ask', 'service.day_long_ask']

/** Sends; when the server asks about the hours, asks the worker with its sentence and sends again as confirmed. */
export async function confirming<T>(send: (confirmed: boolean) => Promise<T>): Promise<T> {
  try {
    return await send(false)
  } catch (thrown) {
    if (!(thrown instanceof Problem) || !ASKING.includes(thrown.rule)) throw thrown
    if (!(await ask(thrown.title, { yes: say('visits.saveAnyway'), no: say('visits.goBack') }))) throw thrown
    return send(true)
  }
}
