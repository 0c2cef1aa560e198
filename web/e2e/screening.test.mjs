/** Screening: a head screens the township, a worker looks at a lead, and it is set aside. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, heading, open, PHONE, placeOf, settled, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

/** Waits until a job of this caller is over. */
async function over(tool, job) {
  for (;;) {
    const state = await tool.get(`/jobs/${job}`)
    if (state.state !== 'running') return state
    await new Promise((next) => setTimeout(next, 200))
  }
}

test('what changed comes up as a lead, with the people behind it', { timeout: 240_000 }, async () => {
  const tool = await api('resident01')
  const place = placeOf('resident01')
  const run = async () => {
    const started = await tool.send('POST', '/screening/runs', { id: uuid(), place })
    assert.equal(started.status, 202, JSON.stringify(started.body))
    assert.equal((await over(tool, started.body.job)).state, 'done')
  }
  await run()
  const people = await tool.all(`/persons?place=${place}&state=active`)
  const today = (await tool.get('/today')).date
  const tell = (person, code, value, source) => tool.send('POST', `/persons/${person.id}/facts`, { id: uuid(), code, held: 'value', value, source, as_of: today, note: '' })
  let person = null
  for (const one of people.filter((p) => !p.closed && !p.away && p.age >= 18 && p.categories.length > 0)) {
    const dibao = (await tool.get(`/persons/${one.id}/entitlements`)).items.find((a) => a.policy.id === 'dibao')
    if (dibao.status === 'unknown') { person = one; break }
  }
  assert(person, 'dibao is open for somebody')
  for (const [code, value, source] of [['hh.income_pc', 30_000, 'visit'], ['hh.property_ok_dibao', 1, 'judged']]) assert.equal((await tell(person, code, value, source)).status, 201)

  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/screening')
  await heading(page, '政策筛查').waitFor()
  await page.getByText('筛查结果只是线索，不是审批决定').waitFor()
  await page.getByRole('button', { name: '立即筛查' }).click()
  await page.getByText('筛查完成').waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: /^最低生活保障：/ }).click()
  await settled(page)
  assert.match(page.url(), /policy=dibao/)
  const row = page.getByRole('row').filter({ hasText: person.name }).first()
  await row.waitFor()
  await row.getByRole('button', { name: '核实' }).click()
  await choose(page, 'reason', '已告知政策，本人不申请')
  const [said] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/dismissals')),
    page.getByRole('dialog').getByRole('button', { name: '保存' }).click(),
  ])
  assert.equal(said.status(), 201, await said.text())
  await page.getByText('已记录核实意见').waitFor()
  await page.getByText('已核实', { exact: true }).click()
  await settled(page)
  await page.getByRole('row').filter({ hasText: person.name }).first().getByRole('link', { name: person.name }).click()
  await heading(page, person.name).waitFor()
  await page.getByRole('button', { name: '为什么：最低生活保障' }).waitFor()
  assert.deepEqual(troubles, [])
  await close()
})

test('on a phone and in English the page reads as well, and nobody sees another township', { timeout: 120_000 }, async () => {
  for (const lang of ['zh', 'en']) {
    const { page, troubles, close } = await open({ user: 'resident01', lang, size: PHONE })
    await page.goto('/screening')
    await heading(page, lang === 'zh' ? '政策筛查' : 'Policy screening').waitFor()
    await settled(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
    assert.equal(wide, false, 'nothing is wider than the phone')
    assert.deepEqual(troubles, [])
    await close()
  }
  const other = await api('resident02')
  assert.equal((await other.send('GET', `/screening?place=${placeOf('resident01')}`)).status, 404)
})
