/** One field of a form that the server refused, with the sentence to show beside it. */
export interface FieldProblem {
  field: string
  code: string
  message: string
}

interface ProblemBody {
  code?: unknown
  status?: unknown
  title?: unknown
  detail?: unknown
  fields?: unknown
  request_id?: unknown
  rev?: unknown
  rule?: unknown
}

/**
 * What went wrong with a request, in the words of the server (`application/problem+json`).
 * `code` is stable and may be branched on; `title` is a sentence for the reader.
 * Two codes are made here: `offline` (no answer) and `malformed` (an answer that is not ours).
 */
export class Problem extends Error {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly fields: FieldProblem[]
  readonly requestId: string
  /** Current revision of the record when `code` is `stale`. */
  readonly rev: number | null
  /** Business rule that refused, when `code` is `refused`. */
  readonly rule: string

  constructor(code: string, status: number, title: string, more: Partial<Problem> = {}) {
    super(title || code)
    this.name = 'Problem'
    this.code = code
    this.status = status
    this.title = title
    this.detail = more.detail ?? ''
    this.fields = more.fields ?? []
    this.requestId = more.requestId ?? ''
    this.rev = more.rev ?? null
    this.rule = more.rule ?? ''
  }

  /** The message for one field of a form, or an empty string. A field `documents[0].number` answers to `documents.0.number` and to `number`. */
  messageFor(field: string): string {
    const hit = this.fields.find((f) => f.field === field) ?? this.fields.find((f) => f.field.endsWith(`.${field}`))
    return hit?.message ?? ''
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

function parseFields(value: unknown): FieldProblem[] {
  if (!Array.isArray(value)) return []
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return []
    const f = entry as Record<string, unknown>
    return [{ field: text(f.field).replace(/\[(\d+)\]/g, '.$1'), code: text(f.code), message: text(f.message) }]
  })
}

/** Reads an error answer; anything that is not problem+json becomes `malformed` with the HTTP status kept. */
export function parseProblem(status: number, body: unknown, requestId = ''): Problem {
  if (typeof body !== 'object' || body === null) return new Problem('malformed', status, '', { requestId })
  const p = body as ProblemBody
  const code = text(p.code)
  if (!code) return new Problem('malformed', status, text(p.title), { requestId })
  return new Problem(code, status, text(p.title), {
    detail: text(p.detail),
    fields: parseFields(p.fields),
    requestId: text(p.request_id) || requestId,
    rev: typeof p.rev === 'number' ? p.rev : null,
    rule: text(p.rule),
  })
}

/** Turns anything thrown into a Problem, so that a screen has one kind of error to show. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown
  if (thrown instanceof Error) return new Problem('unexpected', 0, '', { detail: thrown.message })
  return new Problem('unexpected', 0, '')
}
