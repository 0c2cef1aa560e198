import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, field, heading, open, settled, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

/** Keystroke-level model (Card, Moran, Newell): one click with the thought before it, one key. Seconds. */
const MENTAL = 1.35
const POINT_AND_CLICK = 1.1 + 0.2
const KEY = 0.28

/** Counts what a reader does and how long the page lets him wait. */
function stopwatch() {
  let clicks = 0, keys = 0, waited = 0
  return {
    async click(target, until) {
      clicks += 1
      const begun = performance.now()
      await target.click()
      await until?.()
      waited += (performance.now() - begun) / 1000
    },
    keys: (n) => { keys += n },
    get figures() { return { clicks, keys, waited, human: clicks * (MENTAL + POINT_AND_CLICK) + keys * KEY } },
  }
}

const today = async (tool) => (await tool.get('/today')).date
const monthBefore = (day) => new Date(Date.parse(`${day}T00:00:00Z`) - 30 * 86_400_000).toISOString().slice(0, 10)

/** Two clients of one household, each visited a month ago with companions, services, needs and a place. */
async function household(tool) {
  const day = await today(tool)
  const [known] = (await tool.get('/persons?limit=1')).items
  const people = []
  for (const name of ['高明月', '高明星']) {
    const person = uuid()
    const made = await tool.send('POST', '/persons', { id: person, name, sex: '2', birth_date: '1946-05-01', doc_type: 'none', no_number_reason: '证件遗失', village: known.village.code, lead_source: 'visit', categories: [] })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    const visit = {
      id: uuid(), person_id: person, kind: 'routine', mode: 'home', visited_on: monthBefore(day), contact_result: 'met', summary: '身体尚好，按时服药，女儿每周来一次。', companions: '村干部老周',
      minutes: 35, risk_signs: [], needs: ['health'], services: ['visiting_care'], work_field: 'elder_care', place_note: '女儿家',
    }
    const codes = (await tool.get('/codes')).lists
    visit.needs = [codes.need_domain.items[0].code]
    visit.services = [codes.service_kind.items[0].code]
    const recorded = await tool.send('POST', '/visits', visit)
    assert.equal(recorded.status, 201, JSON.stringify(recorded.body))
    people.push({ id: person, name, visit })
  }
  const member = ({ id }, relation) => ({ id: uuid(), person_id: id, relation, from: day })
  const founded = await tool.send('POST', '/households', { id: uuid(), kind: 'cohabiting', village: known.village.code, members: [member(people[0], '0'), member(people[1], '8')] })
  assert.equal(founded.status, 201, JSON.stringify(founded.body))
  return people
}

test('J05: the second monthly visit to a household takes no retyping and under twenty seconds', { timeout: 90_000 }, async () => {
  const tool = await api('resident01')
  const [first, second] = await household(tool)
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${first.id}`)
  await settled(page)
  const watch = stopwatch()
  await watch.click(page.getByRole('button', { name: '记走访' }), async () => { await heading(page, `走访：${first.name}`).waitFor(); await page.getByRole('button', { name: '与上次相同' }).waitFor() })
  await watch.click(page.getByRole('button', { name: '与上次相同' }))
  const onward = page.getByRole('button', { name: `保存，接着记${second.name}` })
  await onward.waitFor()
  await watch.click(onward, async () => { await heading(page, `走访：${second.name}`).waitFor(); await page.getByRole('button', { name: '与上次相同' }).waitFor() })
  await watch.click(page.getByRole('button', { name: '与上次相同' }))
  await watch.click(page.getByRole('button', { name: '保存走访' }), () => heading(page, second.name).waitFor())
  const { clicks, keys, waited, human } = watch.figures
  console.log(`J05: ${clicks} clicks, ${keys} keys, ${human.toFixed(1)} s of a reader + ${waited.toFixed(1)} s of waiting`)
  assert.equal(keys, 0, 'no known field is typed again')
  assert(human + waited <= 20, `${human + waited} s`)

  for (const { id, visit } of [first, second]) {
    const [now, before] = (await tool.get(`/visits?person=${id}&limit=2`)).items
    assert.equal(before.visited_on, visit.visited_on)
    for (const known of ['kind', 'mode', 'contact_result', 'companions', 'minutes', 'needs', 'services', 'work_field', 'place_note']) assert.deepEqual(now[known], visit[known], known)
    assert.match(now.summary, new RegExp(visit.visited_on))
    assert.equal(now.visited_on, await today(tool))
  }
  assert.deepEqual(troubles, [])
  await close()
})

test('a suggested grade says why, a review starts the limit again, a red risk is signed off by a second person', { timeout: 120_000 }, async () => {
  const tool = await api('resident01')
  const [known] = (await tool.get('/persons?limit=1&state=active&grade=C')).items
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${known.id}?tab=ledger`)
  await settled(page)
  await page.getByRole('button', { name: '提出级别' }).click()
  await page.getByText(/^建议级别：/).waitFor()
  await page.getByRole('button', { name: '取消' }).click()
  await page.getByRole('button', { name: '复核', exact: true }).click()
  await page.getByLabel('核实情况').fill('入户核实，家庭情况没有变化。')
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/review') && r.request().method() === 'POST'),
    page.getByRole('dialog').getByRole('button', { name: '保存' }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  await page.getByText('复核：维持').first().waitFor()

  const day = await today(tool)
  const red = await tool.send('POST', '/visits', { id: uuid(), person_id: known.id, kind: 'routine', mode: 'home', visited_on: day, contact_result: 'met', summary: '情绪低落，有轻生念头。', risk_signs: ['R1'], needs: [], services: [], work_field: 'assistance' })
  assert.equal(red.status, 201, JSON.stringify(red.body))
  await page.reload()
  await page.getByText('有未解除的红色风险：自伤、自杀风险').waitFor()
  assert.equal((await tool.get(`/persons/${known.id}`)).grade, 'A', 'lifted to priority')
  await page.getByRole('button', { name: '申请解除' }).click()
  await page.getByLabel('处置情况').fill('家属陪护，已转介危机干预。')
  await page.getByRole('dialog').getByRole('button', { name: '申请解除' }).click()
  await page.getByText('等待另一人确认').first().waitFor()
  assert.equal(await page.getByRole('button', { name: '确认解除' }).count(), 0, 'not by the same person')
  assert.deepEqual(troubles, [])
  await close()
})

test('the inbox shows a window of days, and a late task asks why', { timeout: 60_000 }, async () => {
  const tool = await api('resident01')
  const late = (await tool.get('/tasks?overdue=true&limit=1')).items[0]
  assert(late, 'the demo world has something late')
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/tasks?overdue=true')
  await settled(page)
  await page.getByText(/任何一天，至/).first().waitFor()
  await page.getByRole('button', { name: '标为办结' }).first().click()
  await page.getByRole('dialog').getByRole('button', { name: '标为办结' }).click()
  await page.getByText('请选择逾期原因').waitFor()
  await choose(page, 'late_reason', '工作量大，先办重点对象')
  await field(page, 'note').locator('textarea').fill('已安排')
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/done')),
    page.getByRole('dialog').getByRole('button', { name: '标为办结' }).click(),
  ])
  assert.equal(answer.status(), 200, await answer.text())
  assert.deepEqual(troubles, [])
  await close()
})
