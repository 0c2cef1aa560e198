/**
 * The way through a list paged by opaque cursors. Cursors only lead forward, so the ones already used are kept
 * on a stack, and "previous page" asks again with the one below.
 */
export class CursorStack {
  private used: (string | null)[] = [null]
  private next: string | null = null

  /** Cursor of the page in view; null for the first. */
  get cursor(): string | null {
    return this.used.at(-1) ?? null
  }

  /** Number of the page in view, from 1. */
  get page(): number {
    return this.used.length
  }

  get hasNext(): boolean {
    return this.next !== null
  }

  setNext(cursor: string | null): void {
    this.next = cursor
  }

  /** Steps forward; false when there is no further page. */
  forth(): boolean {
    if (this.next === null) return false
    this.used.push(this.next)
    this.next = null
    return true
  }

  /** Steps back; false on the first page. */
  back(): boolean {
    if (this.used.length === 1) return false
    this.used.pop()
    this.next = null
    return true
  }

  reset(): void {
    this.used = [null]
    this.next = null
  }
}
