/**
 * Pinyin initials of a Chinese text, so that `fwdx` finds the page of clients. Letters and digits stay as they are.
 *
 * The browser sorts Chinese by sound; the first character of each initial in that order tells where a character belongs. Where a
 * character has several readings the sort knows one, which is enough for the names of pages.
 */
const FIRST = '\u963F\u516B\u5693\u5491\u59B8\u53D1\u65EE\u54C8\u4E0C\u5494\u5783\u5988\u62CF\u5662\u5991\u4E03\u5465\u4EE8\u4ED6\u5C72\u5915\u4E2B\u5E00'
const LETTERS = 'abcdefghjklmnopqrstwxyz'
const bySound = new Intl.Collator('zh-CN-u-co-pinyin')

function initial(char: string): string {
  if (/[a-z0-9]/i.test(char)) return char.toLowerCase()
  if (!/\p{Script=Han}/u.test(char)) return ''
  let found = ''
  for (let i = 0; i < LETTERS.length; i++) {
    if (bySound.compare(char, FIRST[i] ?? '') < 0) break
    found = LETTERS[i] ?? ''
  }
  return found
}

export const initialsOf = (text: string): string => [...text].map(initial).join('')

/** Whether what was typed stands for a text: part of it, or its initials from the first or a later word on. */
export function means(typed: string, text: string): boolean {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return true
  return text.toLowerCase().includes(wanted) || (/^[a-z0-9]+$/.test(wanted) && initialsOf(text).includes(wanted))
}
