import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, heading, open, passwordOf, start, stop } from './kit.mjs'

before(start)
after(stop)

/** Walks with Tab until the focus stands on what is looked for, as somebody without a mouse does. */
async function tabTo(page, what, most = 80) {
  for (let i = 0; i < most; i++) {
    if (await what.evaluateAll((found) => found.some((e) => e === document.activeElement))) return
    await page.keyboard.press('Tab')
  }
  assert.fail(`Tab does not reach ${what}`)
}

test('signing in, opening a person and recording a visit need no mouse', { timeout: 90_000 }, async () => {
  const tool = await api('resident03')
  const [due] = (await tool.get('/due?limit=1')).items
  const before = (await tool.get(`/persons/${due.person.id}`)).stats.visits_total
  const { page, troubles, close } = await open()
  await page.goto('/login')
  await page.locator('input[name=username]:focus').waitFor()
  await page.keyboard.type('resident03')
  await page.keyboard.press('Tab')
  await page.keyboard.type(passwordOf('resident03'))
  await page.keyboard.press('Enter')
  await heading(page, '今天').waitFor()

  const name = page.getByRole('link', { name: due.person.name, exact: true })
  await name.first().waitFor()
  await tabTo(page, name)
  const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle)
  assert.notEqual(outline, 'none', 'the focus is seen')
  await page.keyboard.press('Enter')
  await heading(page, due.person.name).waitFor()
  const record = page.getByRole('link', { name: '记走访' }).or(page.getByRole('button', { name: '记走访' }))
  await record.first().waitFor()
  await tabTo(page, record)
  await page.keyboard.press('Enter')
  await heading(page, `走访：${due.person.name}`).waitFor()

  const results = page.getByRole('radiogroup', { name: '是否见到' }).getByRole('radio')
  await results.first().waitFor()
  await tabTo(page, results)
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  await page.getByRole('radio', { name: '见到家属或照料人', checked: true }).waitFor()
  await page.keyboard.press('ArrowLeft')
  await page.getByRole('radio', { name: '见到本人', checked: true }).waitFor()
  await tabTo(page, page.getByLabel('走访情况'))
  await page.keyboard.type('全程用键盘录入：精神尚好，没有新的需求。')
  await tabTo(page, page.getByRole('button', { name: '保存走访' }))
  await page.keyboard.press('Enter')
  await heading(page, due.person.name).waitFor()
  await page.getByText('全程用键盘录入').first().waitFor()
  assert.equal((await tool.get(`/persons/${due.person.id}`)).stats.visits_total, before + 1)
  assert.deepEqual(troubles, [])
  await close()
})

test('the tree of divisions is walked with arrow keys', { timeout: 60_000 }, async () => {
  const { page, close } = await open({ user: 'resident03' })
  await page.goto('/divisions')
  const items = page.getByRole('treeitem')
  await items.nth(1).waitFor()
  await tabTo(page, items)
  await page.keyboard.press('ArrowDown')
  const name = await page.evaluate(() => document.activeElement.textContent.trim())
  await page.keyboard.press('Enter')
  await page.locator('.detail').getByRole('heading', { name }).waitFor()
  await close()
})
