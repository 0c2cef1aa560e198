/** What is wrong with a new password before it is sent; the server has the last word. */
export function checkNewPassword(password: string, again: string): { field: string; code: 'short' | 'differ' }[] {
  if (Array.from(password).length < 10) return [{ field: 'new_password', code: 'short' }]
  if (password !== again) return [{ field: 'again', code: 'differ' }]
  return []
}
