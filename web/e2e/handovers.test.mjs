/** A person goes from one station to another: nothing to write for the sender at once, a read trail, an inbox for the receiver; and one trip for a household. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, field, heading, open, placeOf, settled, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

const made = {}

async function villageOf(tool, township) {
  const { items } = await tool.get(`/divisions?parent=${township}`)
  return items.find((d) => d.level === 5)
}

test('a station hands a person over and can write nothing from then on', { timeout: 90_000 }, async () => {
  const sender = await api('resident01')
  const receiver = await api('resident02')
  const person = (await sender.get(`/persons?place=${placeOf('resident01')}&state=active&limit=1`)).items[0]
  const village = await villageOf(receiver, placeOf('resident02'))
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${person.id}`)
  await heading(page, person.name).waitFor()
  const form = await sender.get(`/persons/${person.id}`)
  await page.getByRole('button', { name: '移交', exact: true }).click()
  await page.getByRole('dialog').waitFor()
  await field(page, 'village').locator('button.field').click()
  const picker = page.getByRole('dialog').last()
  await picker.getByRole('textbox').fill(village.code)
  await picker.getByRole('button', { name: village.name }).first().click()
  await choose(page, 'consent', '依法定职责移交，已告知')
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/handover') && r.request().method() === 'POST'),
    page.getByRole('button', { name: '提出移交' }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  made.person = person
  made.handover = (await answer.json()).id

  await page.getByText('该对象正在移交，您可以查看，不能修改。').waitFor()
  assert.equal(await page.getByRole('button', { name: '记走访' }).count(), 0)
  // The form that was open before: the answer is clear, and nothing is changed.
  const stale = await sender.send('PATCH', `/persons/${person.id}`, { rev: form.rev, usual_name: '甲' })
  assert.equal(stale.status, 404)
  assert.equal(stale.body.code, 'handed_over')
  assert.match(stale.body.title, /已移交/)
  const visit = { id: uuid(), person_id: person.id, kind: 'routine', mode: 'home', visited_on: form.answers.handover?.answer_by ?? (await sender.get('/today')).date, contact_result: 'met', summary: '无', risk_signs: [], needs: [], services: [], work_field: 'elder_care' }
  assert.equal((await sender.send('POST', '/visits', visit)).status, 404)
  assert.equal((await sender.send('GET', `/persons/${person.id}/timeline`)).status, 200)
  await page.goto('/handovers?side=out')
  await page.getByRole('link', { name: person.name, exact: true }).first().waitFor()
  assert.deepEqual(troubles, [])
  await close()
})

test('the receiver finds it in the inbox, takes the person on, and the sender reads for a time', { timeout: 90_000 }, async () => {
  const { person, handover } = made
  assert(person && handover, 'the first journey made them')
  const { page, troubles, close } = await open({ user: 'resident02' })
  await page.goto('/handovers')
  await page.getByRole('link', { name: person.name, exact: true }).first().waitFor()
  await settled(page)
  await page.getByRole('button', { name: '接收', exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('radio').first().check({ force: true })
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/accept') && r.request().method() === 'POST'),
    dialog.getByRole('button', { name: '接收', exact: true }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  await page.goto(`/persons/${person.id}`)
  await heading(page, person.name).waitFor()
  await page.getByRole('button', { name: '记走访' }).waitFor()
  await page.goto(`/handovers/print?id=${handover}`)
  await page.getByRole('heading', { name: '服务对象交接清单' }).waitFor()
  await page.getByText('监交人（签字）').waitFor()
  assert.deepEqual(troubles, [])
  await close()

  const sender = await api('resident01')
  const seen = await sender.get(`/persons/${person.id}`)
  assert.equal(seen.answers.read_only, true)
  assert.match(seen.answers.read_until, /^\d{4}-\d\d-\d\d$/)
  assert.equal((await sender.send('PATCH', `/persons/${person.id}`, { rev: seen.rev, usual_name: '甲' })).status, 404)
  assert.equal((await sender.get(`/persons?q=${encodeURIComponent(person.name)}`)).items.some((p) => p.id === person.id), true)
  const reader = await open({ user: 'resident01' })
  await reader.page.goto(`/persons/${person.id}`)
  await reader.page.getByText(`您可查看到 ${seen.answers.read_until}`).waitFor()
  await reader.close()
})

test('caseloads show who answers for how many', { timeout: 60_000 }, async () => {
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/caseloads')
  await heading(page, '责任分工').waitFor()
  await page.getByRole('heading', { name: '各社工名下人数' }).waitFor()
  await settled(page)
  assert((await page.getByRole('button', { name: /移交.*名下对象/ }).count()) > 0)
  assert.deepEqual(troubles, [])
  await close()
})

/** A household of two grown-ups who are both on the ledger and were not visited today. */
async function couple(tool) {
  const grown = (p) => p.ledger_state === 'active' && p.age >= 18 && !p.died_on
  for (const p of (await tool.get(`/persons?place=${placeOf('resident01')}&state=active&limit=200`)).items.filter(grown)) {
    const { households, answers } = await tool.get(`/persons/${p.id}`)
    const home = households.find((h) => h.kind === 'cohabiting' && h.members === 2)
    if (!home || answers.read_only) continue
    const people = (await tool.get(`/households/${home.id}/sheet`)).items.map((i) => i.due.person)
    if (people.length === 2 && people.every(grown)) return { home: home.id, people }
  }
  return assert.fail('no household of two in the demo world')
}

test('one trip serves a household: one sheet, and the visits one after the other', { timeout: 90_000 }, async () => {
  const tool = await api('resident01')
  const day = (await tool.get('/today')).date
  const { home, people } = await couple(tool)
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/households/${home}`)
  await page.getByRole('button', { name: '家庭走访单' }).click()
  await heading(page, '家庭走访单').waitFor()
  for (const p of people) await page.locator('.sheet').getByText(p.name, { exact: true }).waitFor()
  for (const box of await page.getByRole('checkbox').all()) await box.check({ force: true })
  await page.getByRole('button', { name: '记走访（2 人）' }).click()
  for (const [i, left] of [1, 0].entries()) {
    await page.locator('h1').filter({ hasText: '走访：' }).waitFor()
    await settled(page)
    if (left) await page.getByText('还有 1 人').waitFor()
    await page.getByRole('radio', { name: '见到本人' }).click()
    await page.getByLabel('走访情况').fill(`同户走访第${i + 1}人，情况正常。`)
    const [answer] = await Promise.all([
      page.waitForResponse((r) => r.url().endsWith('/api/v1/visits') && r.request().method() === 'POST'),
      page.getByRole('button', { name: '保存走访' }).click(),
    ])
    assert.equal(answer.status(), 201, await answer.text())
    if (left) await page.waitForURL((url) => !url.search.includes('next='))
  }
  await page.waitForURL(`**/households/${home}`)
  const sheet = await tool.get(`/households/${home}/sheet`)
  assert.deepEqual(sheet.items.map((i) => i.due.person.last_visit_on), [day, day])
  assert.deepEqual(troubles, [])
  await close()
})
