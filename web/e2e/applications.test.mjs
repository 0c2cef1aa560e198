/** Help to apply: from an unknown income to an application, through the hands of the township, to the public notice. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { act, api, field, heading, open, placeOf, prepare, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

const LOW = ['DIBAO', 'NEAR', 'RIGID', 'TEKUN_H', 'TEKUN_I']

/** The first of them for whom dibao is open: registered where standards are known. */
async function mayApply(tool, people) {
  for (const person of people.slice(0, 40)) {
    const { items } = await tool.get(`/persons/${person.id}/entitlements`)
    const dibao = items.find((a) => a.policy.id === 'dibao')
    if (dibao.status === 'unknown' && dibao.missing.length > 0) return person
  }
  throw new Error('dibao is open for nobody in the demo world')
}

test('a worker helps to apply for dibao and the township carries it to the notice', { timeout: 180_000 }, async () => {
  const tool = await api('resident01')
  const items = await tool.all(`/persons?place=${placeOf('resident01')}&state=active`)
  const adults = items.filter((p) => !p.closed && !p.away && p.age >= 18 && !p.categories.some((c) => LOW.includes(c)))
  const person = await mayApply(tool, adults)
  const today = (await tool.get('/today')).date
  const tell = (code, value, source) => tool.send('POST', `/persons/${person.id}/facts`, { id: uuid(), code, held: 'value', value, source, as_of: today, note: '' })
  for (const [code, value, source] of [['hh.income_pc', 30_000, 'visit'], ['hh.property_ok_dibao', 1, 'judged']]) assert.equal((await tell(code, value, source)).status, 201)

  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${person.id}?tab=policies`)
  await heading(page, person.name).waitFor()
  await page.getByRole('button', { name: '为什么：最低生活保障' }).click()
  const [begun] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/applications') && r.request().method() === 'POST'),
    page.getByRole('button', { name: '帮办申请' }).click(),
  ])
  assert.equal(begun.status(), 201, await begun.text())
  const file = await begun.json()
  await heading(page, `${person.name}：最低生活保障`).waitFor()
  await page.getByText('不得要求申请人提供').waitFor()

  // What is prepared: papers, whether somebody is a relative, the authorisation to check.
  await prepare(page, person)
  await act(page, '递交材料')
  assert.deepEqual(troubles, [])
  await close()

  const town = await open({ user: 'township' })
  await town.page.goto('/applications')
  await town.page.getByRole('link', { name: person.name }).first().waitFor()
  await town.page.goto(`/applications/${file.id}`)
  await heading(town.page, `${person.name}：最低生活保障`).waitFor()
  await act(town.page, '受理')
  await act(town.page, '登记入户调查', { fill: async (dialog) => { await field(town.page, 'surveyors').getByRole('textbox').fill('李一、王二'); await dialog.getByRole('textbox').last().fill('入户核实，收入和财产与申报一致。') } })
  await act(town.page, '登记审核意见', { fill: async (dialog) => { await dialog.getByText('同意', { exact: true }).click() } })
  await act(town.page, '开始公示')
  await town.page.getByText('李一、王二').waitFor()
  assert.deepEqual(town.troubles, [])
  await town.close()
  const now = await tool.get(`/applications/${file.id}`)
  assert.equal(now.state, 'publicity')
  assert(now.due_on > today, 'the notice runs for days')
})
