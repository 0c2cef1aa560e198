/** The whole way of help: an income nobody knew, what hangs on it, the reasons, the paper, the township, and the ledger at the end. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { after, before, test } from 'node:test'
import { act, addDay, api, heading, open, placeOf, prepare, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

const SUPPORTED = ['DIBAO', 'NEAR', 'RIGID', 'TEKUN_H', 'TEKUN_I']
const INCOME = '共同生活的家庭成员人均月收入'

/** Somebody of whom nothing but the income is missing for dibao, once the property is looked at; three policies at least hang on it. */
async function hangsOnIncome(tool, people, day) {
  for (const person of people.slice(0, 60)) {
    const asked = (await tool.get(`/persons/${person.id}/entitlements`)).questions.find((q) => q.fact === 'hh.income_pc')
    if (!asked || asked.helps < 3 || !asked.policies.some((p) => p.id === 'dibao')) continue
    const property = { id: uuid(), code: 'hh.property_ok_dibao', held: 'value', value: 1, source: 'judged', as_of: day, note: '' }
    assert.equal((await tool.send('POST', `/persons/${person.id}/facts`, property)).status, 201)
    const { items } = await tool.get(`/persons/${person.id}/entitlements`)
    if (items.find((a) => a.policy.id === 'dibao').missing.some((set) => set.length === 1 && set[0] === 'hh.income_pc')) return person
  }
  throw new Error('nobody in the demo world waits for an income alone')
}

test('from an unknown income to the category in the ledger', { timeout: 240_000 }, async () => {
  const tool = await api('resident01')
  const day = (await tool.get('/today')).date
  const people = await tool.all(`/persons?place=${placeOf('resident01')}&state=active`)
  const person = await hangsOnIncome(tool, people.filter((p) => !p.closed && !p.away && p.age >= 18 && !p.categories.some((c) => SUPPORTED.includes(c))), day)

  // What hangs on the income, by name.
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${person.id}?tab=policies`)
  await heading(page, person.name).waitFor()
  await page.getByRole('heading', { name: '先问这几件事' }).waitFor()
  const all = page.getByRole('button', { name: /^其余 \d+ 个问题$/ })
  if (await all.count()) await all.click()
  const question = page.locator('li.question').filter({ has: page.getByRole('button', { name: `登记：${INCOME}` }) })
  const { questions } = await tool.get(`/persons/${person.id}/entitlements`)
  const hang = questions.find((q) => q.fact === 'hh.income_pc').policies.map((p) => p.title)
  assert(hang.length >= 3, `${hang}`)
  const words = await question.textContent()
  for (const title of hang) assert(words.includes(title), `${title} is not named: ${words}`)

  // Entered once; the answer and its reasons follow.
  await question.getByRole('button').click()
  const form = page.getByRole('dialog')
  await form.getByRole('spinbutton').fill('300')
  const [told] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/facts') && r.request().method() === 'POST'),
    form.getByRole('button', { name: '保存' }).click(),
  ])
  assert.equal(told.status(), 201, await told.text())
  await form.waitFor({ state: 'hidden' })
  await page.locator('section.group.eligible').getByRole('button', { name: '为什么：最低生活保障' }).click()
  const why = page.locator('.el-drawer')
  for (const reason of ['家庭人均月收入低于当地低保标准', '300 元/月', '示例值，非真实标准', '社会救助法第18条']) await why.getByText(reason).first().waitFor()

  // The application, and the paper for the person.
  const [begun] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/applications') && r.request().method() === 'POST'),
    page.getByRole('button', { name: '帮办申请' }).click(),
  ])
  assert.equal(begun.status(), 201, await begun.text())
  const file = await begun.json()
  await heading(page, `${person.name}：最低生活保障`).waitFor()
  await prepare(page, person)
  await page.goto(`/persons/${person.id}?tab=policies`)
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), page.getByRole('button', { name: '打印明白纸' }).click()])
  const text = execFileSync('pdftotext', [await download.path(), '-']).toString().replaceAll(/\s+/g, '')
  for (const piece of [person.name, '最低生活保障', '只是提示，不是审批决定', '材料回执']) assert(text.includes(piece), piece)
  await page.goto(`/applications/${file.id}`)
  await heading(page, `${person.name}：最低生活保障`).waitFor()
  await act(page, '递交材料', { day: addDay(-20) })

  // The township, which enters what was done on paper in the weeks before.
  const town = await open({ user: 'township' })
  await town.page.goto(`/applications/${file.id}`)
  await heading(town.page, `${person.name}：最低生活保障`).waitFor()
  await act(town.page, '受理', { day: addDay(-20) })
  await act(town.page, '登记入户调查', { day: addDay(-18), fill: async (dialog) => {
    await dialog.locator('[data-field="surveyors"]').getByRole('textbox').fill('李一、王二')
    await dialog.getByRole('textbox').last().fill('入户核实，收入和财产与申报一致。')
  } })
  await act(town.page, '登记审核意见', { day: addDay(-17), fill: async (dialog) => { await dialog.getByText('同意', { exact: true }).click() } })
  await act(town.page, '开始公示', { day: addDay(-16) })
  await act(town.page, '结束公示', { day: addDay(-5), fill: async (dialog) => { await dialog.getByText('没有异议', { exact: true }).click() } })
  await act(town.page, '上报', { day: addDay(-4), fill: async (dialog) => { await dialog.locator('[data-field="upstream_no"]').getByRole('textbox').fill('示例受理0001') } })
  await town.page.getByText('示例受理0001').first().waitFor()
  assert(!(await tool.get(`/persons/${person.id}`)).categories_open.some((c) => c.category === 'DIBAO'), 'nothing is decided yet')
  await act(town.page, '登记确认', { day, fill: async (dialog) => { await dialog.locator('[data-field="document"]').getByRole('textbox').fill('示例确认0001号') } })
  await town.page.getByText('示例确认0001号').first().waitFor()
  assert.deepEqual(town.troubles, [])
  await town.close()

  // The ledger holds the category with the decision as evidence; who did it is written down.
  const dibao = (await tool.get(`/persons/${person.id}`)).categories_open.filter((c) => c.category === 'DIBAO')
  assert.equal(dibao.length, 1)
  assert.equal(dibao[0].from, day)
  assert.equal(dibao[0].evidence_ref, '示例确认0001号')
  await page.goto(`/persons/${person.id}?tab=categories`)
  await heading(page, person.name).waitFor()
  await page.getByText('最低生活保障对象').first().waitFor()
  await page.getByText('示例确认0001号').first().waitFor()
  const reviewer = (await api('township')).account
  for (const record of [`application/${file.id}`, `person/${person.id}`]) {
    const [last] = (await tool.get(`/records/${record}/history`)).items
    assert.equal(last.actor.id, reviewer.id, record)
    assert(last.changes.length > 0, record)
  }
  const { items } = await tool.get(`/persons/${person.id}/timeline`)
  assert(items.some((i) => i.kind === 'category' && i.ref_id === dibao[0].id && i.actor.id === reviewer.id), 'the timeline says who recognised it')
  await page.goto(`/persons/${person.id}?tab=policies`)
  await page.locator('section.group.receives').getByText('最低生活保障', { exact: true }).waitFor()
  // Whoever prepared it tells the person.
  await page.goto(`/applications/${file.id}`)
  await act(page, '告知申请人', { day, fill: async (dialog) => { await dialog.getByRole('textbox').last().fill('已当面告知结果和保障金额。') } })
  assert.deepEqual(troubles, [])
  await close()
})
