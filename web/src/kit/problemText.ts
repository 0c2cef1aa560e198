import { say } from '@/app/i18n'
import type { Problem } from '@/api/problem'

/** The sentence to show for a problem: the server's own words first, ours only when there was no answer to speak for it. */
export function problemText(problem: Problem): string {
  if (problem.code === 'offline') return say('kit.problem.offline')
  if (problem.title) return problem.detail ? `${problem.title} ${problem.detail}` : problem.title
  if (problem.code === 'malformed') return say('kit.problem.malformed', { status: problem.status })
  return say('kit.problem.unexpected', { detail: problem.detail })
}
