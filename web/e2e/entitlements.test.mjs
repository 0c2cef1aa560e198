/** Policies of a person: unknown income is asked for, entered once, and the answers and reasons follow. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, api, heading, open, placeOf, start, stop } from './kit.mjs'

before(start)
after(stop)

/** The first of them whose income is asked for: registered where standards are known, and nobody has told it yet. */
async function hangsOnIncome(tool, people) {
  for (const person of people.slice(0, 40)) {
    const { questions } = await tool.get(`/persons/${person.id}/entitlements`)
    if (questions.some((q) => q.fact === 'hh.income_pc' && q.helps >= 3)) return person
  }
  throw new Error('nobody in the demo world is asked for an income')
}

test('a worker sees what hangs on an unknown income, enters it and reads why', { timeout: 120_000 }, async () => {
  const tool = await api('resident01')
  const items = await tool.all(`/persons?place=${placeOf('resident01')}&state=active`)
  const adults = items.filter((p) => !p.closed && p.age >= 18 && !p.categories.some((c) => ['DIBAO', 'NEAR', 'RIGID', 'TEKUN_H', 'TEKUN_I'].includes(c)))
  const person = await hangsOnIncome(tool, adults)
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${person.id}?tab=policies`)
  await heading(page, person.name).waitFor()
  await page.getByRole('heading', { name: '先问这几件事' }).waitFor()
  await page.getByText('不是审批决定').waitFor()
  const before = await tool.get(`/persons/${person.id}/entitlements`)
  const asked = before.questions.find((q) => q.fact === 'hh.income_pc')
  assert(asked.helps >= 3, 'three policies hang on the income')

  // Whatever stands first, the income is among the questions; it is entered from the list of a policy.
  const dibao = page.locator('li.line').filter({ hasText: '最低生活保障' }).first()
  await dibao.getByRole('button', { name: '共同生活的家庭成员人均月收入' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('spinbutton').fill('5000')
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/facts') && r.request().method() === 'POST'),
    dialog.getByRole('button', { name: '保存' }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  await dialog.waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: /按已知情况不符合/ }).click()
  await dibao.getByRole('button', { name: '为什么：最低生活保障' }).click()
  const why = page.locator('.el-drawer')
  await why.getByText('家庭人均月收入低于当地低保标准').waitFor()
  await why.getByText('5,000 元/月').first().waitFor()
  await why.getByText('示例值，非真实标准').first().waitFor()
  await why.getByText('社会救助法第18条').first().waitFor()
  await why.getByText('不得要求提供').waitFor()
  const after = await tool.get(`/persons/${person.id}/entitlements`)
  assert.equal(after.items.find((a) => a.policy.id === 'dibao').status, 'not')
  assert.deepEqual(troubles, [])
  await close()

  // The same on a phone, in English.
  const phone = await open({ user: 'resident01', size: PHONE, lang: 'en' })
  await phone.page.goto(`/persons/${person.id}?tab=policies`)
  await phone.page.getByRole('heading', { name: 'Ask these first' }).waitFor()
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  assert.equal(wide, false, 'nothing sticks out sideways')
  assert.deepEqual(phone.troubles, [])
  await phone.close()
})
