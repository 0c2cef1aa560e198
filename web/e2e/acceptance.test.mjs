import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, field, figure, heading, idNumber, open, placeOf, settled, signIn, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

const NAME = '欧阳晓旻'
const NUMBER = idNumber('1941-03-08', 902)
const TOWNSHIP = placeOf('resident01')
const made = {}

async function recordVisit(page, words) {
  await page.getByRole('radio', { name: '见到本人' }).click()
  await page.getByLabel('走访情况').fill(words)
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/api/v1/visits') && r.request().method() === 'POST'),
    page.getByRole('button', { name: '保存走访' }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  return answer.json()
}

/** The row of a village on the coverage page of its township: served, to serve. */
async function rowOnPage(page, village) {
  await page.goto(`/coverage?kind=service&place=${TOWNSHIP}`)
  await settled(page)
  const row = page.locator('.coverage tbody tr').filter({ has: page.getByRole('link', { name: village.name, exact: true }) })
  return (await row.locator('td').allTextContents()).slice(0, 2).map(Number)
}

test('a worker registers somebody nobody had found, visits, and both figures of the village grow by one', { timeout: 90_000 }, async () => {
  const tool = await api('resident01')
  const [neighbour] = (await tool.get(`/persons?place=${TOWNSHIP}&category=DIBAO&limit=1`)).items
  const village = neighbour.village
  const { page, troubles, close } = await open()

  await signIn(page, 'resident01')
  await heading(page, '今天').waitFor()
  const start = await rowOnPage(page, village)
  assert.deepEqual(start, await figure(tool, 'service', village.code))

  await page.getByRole('link', { name: '服务对象台账' }).click()
  await page.getByLabel('查找', { exact: true }).fill('oyxm')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('没有符合条件的人').waitFor()
  await page.locator('.empty').getByRole('button', { name: '登记服务对象' }).click()

  await heading(page, '登记服务对象').waitFor()
  // A neighbour of the same name and village would be hinted at; this is somebody else.
  await page.getByLabel('姓名').fill(neighbour.name)
  await field(page, 'village').locator('button.field').click()
  await page.getByRole('dialog').getByRole('treeitem', { name: village.name, exact: true }).click()
  await page.getByRole('heading', { name: /可能已经登记过/ }).waitFor()
  await page.getByText('姓名相同、同村（社区）').first().waitFor()
  await page.getByLabel('姓名').fill(NAME)
  await page.getByRole('heading', { name: /可能已经登记过/ }).waitFor({ state: 'hidden' })

  await page.getByLabel('证件号码').fill(NUMBER)
  await page.getByText('号码正确').waitFor()
  assert.equal(await field(page, 'birth_date').locator('input').inputValue(), '1941-03-08')
  await page.getByLabel('住址').fill('3组12号')
  await page.getByRole('button', { name: '添加类别' }).click()
  await choose(page, 'category', '独居老人')
  await field(page, 'evidence_kind').getByText('走访记录').waitFor()
  await page.getByText('已经告知').click()
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/api/v1/persons') && r.request().method() === 'POST'),
    page.getByRole('button', { name: '登记并记一次走访' }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  made.person = (await answer.json()).id
  const [n, d] = start
  assert.deepEqual(await figure(tool, 'service', village.code), [n, d + 1], 'registered, not served yet')

  await heading(page, `走访：${NAME}`).waitFor()
  made.visit = (await recordVisit(page, '独居，行动尚便，子女在外务工，每周通话一次。')).id
  await heading(page, NAME).waitFor()
  await page.getByText('独居，行动尚便').first().waitFor()
  assert.deepEqual(await figure(tool, 'service', village.code), [n + 1, d + 1])
  assert.deepEqual(await rowOnPage(page, village), [n + 1, d + 1])

  await page.goto('/persons?q=oyxm')
  await page.getByRole('link', { name: NAME, exact: true }).waitFor()
  await page.getByText('首字母相符').waitFor()
  assert.deepEqual(troubles, [])
  await close()
})

test('the same number again is pointed out before saving', { timeout: 60_000 }, async () => {
  const { page, close } = await open({ user: 'resident01' })
  await page.goto('/persons/new')
  await page.getByLabel('姓名').fill('欧阳小民')
  await page.getByLabel('证件号码').fill(NUMBER)
  await page.getByRole('heading', { name: '这个证件号已经登记过' }).waitFor()
  await page.getByRole('link', { name: `打开${NAME}的档案` }).waitFor()
  await page.getByRole('button', { name: '登记', exact: true }).click()
  await page.getByText('请先核对上面可能重复的人。').waitFor()
  await close()
})

test('the first visit of somebody known but never served adds to the numerator only', { timeout: 60_000 }, async () => {
  const tool = await api('resident01')
  const unserved = (await tool.get(`/coverage/unserved?place=${TOWNSHIP}`)).items.find((p) => p.last_served_on === null && p.ledger_state === 'active')
  const [n, d] = await figure(tool, 'service', unserved.village.code)
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/coverage?kind=service&place=${TOWNSHIP}`)
  await page.getByRole('link', { name: unserved.name, exact: true }).click()
  await heading(page, unserved.name).waitFor()
  await page.getByRole('link', { name: '记走访' }).or(page.getByRole('button', { name: '记走访' })).first().click()
  await heading(page, `走访：${unserved.name}`).waitFor()
  await recordVisit(page, '首次入户，说明政策，留下联系卡。')
  await heading(page, unserved.name).waitFor()
  assert.deepEqual(await figure(tool, 'service', unserved.village.code), [n + 1, d])
  const left = await tool.all(`/coverage/unserved?place=${TOWNSHIP}`)
  assert(!left.some((p) => p.id === unserved.id))
  assert.deepEqual(troubles, [])
  await close()
})

test('for a worker of another township none of these records exists', { timeout: 60_000 }, async () => {
  const own = await api('resident01')
  const stranger = await api('resident02')
  const { person, visit } = made
  assert(person && visit, 'the first journey made them')
  const id = uuid
  const day = (await own.get('/today')).date
  const village = (await own.get(`/persons/${person}`)).village.code
  const household = id()
  const founded = await own.send('POST', '/households', { id: household, kind: 'cohabiting', village, members: [{ id: id(), person_id: person, relation: '0', from: day }] })
  assert.equal(founded.status, 201, JSON.stringify(founded.body))
  const [member] = (await own.get(`/households/${household}`)).members
  const [category] = (await own.get(`/persons/${person}`)).categories_open

  const reads = [
    `/persons/${person}`, `/persons/${person}/timeline`, `/visits/${visit}`, `/households/${household}`,
    ...[['person', person], ['visit', visit], ['household', household]].flatMap(([kind, of]) => [`/records/${kind}/${of}/history`, `/records/${kind}/${of}/access`]),
  ]
  const writes = [
    ['PATCH', `/persons/${person}`, { rev: 1, usual_name: '甲' }],
    ['POST', `/persons/${person}/reveal`, { field: 'phone', reason: '联系' }],
    ['POST', `/persons/${person}/categories`, { id: id(), category: 'DIBAO', from: day, evidence_kind: 'decision_notice', evidence_ref: '1', source: 'document' }],
    ['POST', `/persons/${person}/ledger`, { id: id(), rev: 1, to: 'verifying', on: day }],
    ['POST', `/persons/${person}/grade`, { id: id(), rev: 1, grade: 'A', basis: '独居' }],
    ['POST', `/persons/${person}/death`, { id: id(), rev: 1, died_on: day, evidence_ref: '1' }],
    ['POST', `/categories/${category.id}/end`, { rev: category.rev, to: day, reason: '不再符合' }],
    ['POST', `/households/${household}/members`, { id: id(), person_id: person, relation: '1', from: day }],
    ['POST', `/memberships/${member.membership_id}/end`, { rev: member.rev, to: day, reason: '搬走' }],
    ['POST', '/visits', { id: id(), person_id: person, kind: 'routine', mode: 'home', visited_on: day, contact_result: 'met', summary: '无', risk_signs: [], needs: [], services: [], work_field: 'elder_care' }],
    ['PATCH', `/visits/${visit}`, { rev: 1, summary: '改' }],
    ['POST', `/visits/${visit}/addenda`, { id: id(), text: '补' }],
    ['POST', `/visits/${visit}/void`, { id: id(), rev: 1, reason: '无' }],
  ]
  for (const path of reads) assert.equal((await own.send('GET', path)).status, 200, `own ${path}`)
  for (const path of reads) assert.equal((await stranger.send('GET', path)).status, 404, path)
  for (const [method, path, body] of writes) {
    const answer = await stranger.send(method, path, body)
    assert.equal(answer.status, 404, `${method} ${path}: ${JSON.stringify(answer.body)}`)
  }
  for (const path of [`/visits?person=${person}`, `/persons?q=oyxm`, `/persons?q=${NUMBER}`]) {
    const answer = await stranger.send('GET', path)
    assert(answer.status === 404 || (answer.status === 200 && answer.body.items.length === 0), `${path}: ${answer.status}`)
  }
  const same = await stranger.send('POST', '/persons/duplicates', { name: NAME, doc_type: 'citizen_id', number: NUMBER })
  assert.deepEqual(same.body?.items ?? [], [])

  const { page, close } = await open({ user: 'resident02' })
  for (const path of [`/persons/${person}`, `/visits/${visit}`, `/households/${household}`]) {
    await page.goto(path)
    await page.getByText('没有找到这条记录').first().waitFor()
  }
  assert.equal(await page.getByText(NAME).count(), 0)
  await close()
})
