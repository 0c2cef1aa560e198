import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, field, heading, open, placeOf, press, settled, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

const TOWNSHIP = placeOf('resident01')
const KNOWN = '欧阳静雯'
const AGAIN = '欧阳静文'
const BIRTH = '1949-05-17'
const made = {}

/** A person through the API, without papers. */
async function enter(tool, name, village, more = {}) {
  const body = { id: uuid(), name, sex: '2', doc_type: 'none', no_number_reason: '证件遗失', village, lead_source: 'visit', birth_date: BIRTH, ...more }
  const answer = await tool.send('POST', '/persons', body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}

/** What a page says, without what only ever grows. */
const plain = (page) => JSON.parse(JSON.stringify(page, (key, value) => (key === 'rev' ? undefined : value)))

test('somebody known is hinted at within half a second of the last key, and a double click registers once', { timeout: 90_000 }, async () => {
  const tool = await api('resident01')
  const [neighbour] = (await tool.get(`/persons?place=${TOWNSHIP}&limit=1`)).items
  const village = neighbour.village
  made.known = await enter(tool, KNOWN, village.code, { phone: '13900005566' })
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/persons/new')
  await heading(page, '登记服务对象').waitFor()
  await settled(page)
  // Another journey of this login may have left a form half filled in.
  const left = page.getByRole('button', { name: '放弃草稿' })
  if (await left.count()) await left.click()
  await page.getByLabel('姓名').fill(AGAIN)
  await press(page, 'sex', '女')
  await field(page, 'village').locator('button.field').click()
  await page.getByRole('dialog').getByRole('treeitem', { name: village.name, exact: true }).click()
  const birth = field(page, 'birth_date').locator('input')
  await birth.fill(BIRTH)
  const typed = Date.now()
  await birth.press('Enter')
  await page.getByRole('heading', { name: /可能已经登记过/ }).waitFor()
  const waited = Date.now() - typed
  console.log(`hint after ${waited} ms`)
  assert(waited <= 500, `the hint took ${waited} ms`)
  await page.getByText('姓名读音相同').first().waitFor()
  await page.getByRole('link', { name: `打开${KNOWN}的档案` }).waitFor()
  await page.getByText('已核对，不是同一个人').click()
  await choose(page, 'doc_type', '无证件或证件不明')
  await field(page, 'no_number_reason').locator('input, textarea').first().fill('证件遗失')
  const save = page.getByRole('button', { name: '登记', exact: true })
  await save.dblclick()
  await heading(page, AGAIN).waitFor()
  const found = (await tool.get(`/persons?q=${AGAIN}`)).items.filter((p) => p.name === AGAIN)
  assert.equal(found.length, 1, 'a double click makes one record')
  made.again = found[0].id
  await page.reload()
  await heading(page, AGAIN).waitFor()
  assert.equal((await tool.get(`/persons?q=${AGAIN}`)).items.filter((p) => p.name === AGAIN).length, 1)
  assert.deepEqual(troubles, [])
  await close()
})

test('two records are compared, merged and taken apart again, and the undo restores all', { timeout: 120_000 }, async () => {
  const tool = await api('resident01')
  const { known, again } = made
  assert(known && again, 'the first journey made them')
  const before = await Promise.all([known.id, again].map((id) => tool.get(`/persons/${id}`).then(plain)))
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/duplicates')
  await heading(page, '疑似重复档案').waitFor()
  const row = page.locator('.data-list tbody tr').filter({ hasText: KNOWN }).filter({ hasText: AGAIN })
  await row.getByText('姓名读音相同').waitFor()
  await row.getByRole('button', { name: '比较并合并' }).click()
  await heading(page, '合并档案').waitFor()
  await settled(page)
  if (!(await page.url().includes(`survivor=${known.id}`))) {
    await page.getByRole('button', { name: '对调两份档案' }).click()
    await page.waitForURL((url) => url.search.includes(`survivor=${known.id}`))
    await settled(page)
  }
  await page.locator('[data-choice=phone]').waitFor()
  await page.getByLabel('认定为同一人的依据').fill('当面核对户口簿，名字写错')
  const merging = page.waitForResponse((r) => r.url().endsWith('/api/v1/merges') && r.request().method() === 'POST')
  await page.getByRole('button', { name: '确认合并' }).dblclick()
  const answer = await merging
  assert.equal(answer.status(), 201, await answer.text())
  await heading(page, KNOWN).waitFor()
  await page.getByRole('heading', { name: '有档案合并到这里' }).waitFor()
  assert.equal((await tool.get(`/persons?q=${AGAIN}`)).items.filter((p) => p.id === again).length, 0, 'the absorbed record is in no search')

  // The old address leads to the record that stayed.
  await page.goto(`/persons/${again}`)
  await page.waitForURL((url) => url.pathname === `/persons/${known.id}`)
  await heading(page, KNOWN).waitFor()

  await page.getByRole('button', { name: '撤销合并' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('原因').fill('核实为姐妹两人')
  const undoing = page.waitForResponse((r) => /\/merges\/[^/]+\/undo$/.test(r.url()))
  await dialog.getByRole('button', { name: '撤销合并' }).click()
  assert.equal((await undoing).status(), 201)
  await page.getByRole('heading', { name: '有档案合并到这里' }).waitFor({ state: 'hidden' })
  const after = await Promise.all([known.id, again].map((id) => tool.get(`/persons/${id}`).then(plain)))
  assert.deepEqual(after, before)
  assert.deepEqual(troubles, [])
  await close()
})

test('a record entered in error goes to the bin with two people and comes back', { timeout: 90_000 }, async () => {
  const { again } = made
  const tool = await api('resident01')
  const before = plain(await tool.get(`/persons/${again}`))
  const worker = await open({ user: 'resident01' })
  await worker.page.goto(`/persons/${again}`)
  await heading(worker.page, AGAIN).waitFor()
  await worker.page.getByRole('button', { name: '更多' }).click()
  await worker.page.getByRole('menuitem', { name: '误录，移入回收站' }).click()
  const dialog = worker.page.getByRole('dialog')
  await dialog.getByLabel('误录的原因').fill('查无此人')
  await dialog.getByRole('button', { name: '提交，等待批准' }).click()
  await worker.page.getByText('已提交，等待另一人批准。').waitFor()
  const officer = await open({ user: 'county' })
  await officer.page.goto('/recycle-bin?state=waiting')
  const row = officer.page.locator('.data-list tbody tr').filter({ hasText: '查无此人' })
  await row.getByRole('button', { name: '批准', exact: true }).click()
  await officer.page.getByRole('button', { name: '确定' }).click()
  await officer.page.getByText('已批准，档案已移入回收站。').waitFor()
  assert.equal((await tool.send('GET', `/persons/${again}`)).status, 404)
  await worker.page.goto('/recycle-bin')
  await heading(worker.page, '回收站').waitFor()
  await worker.page.locator('.data-list tbody tr').filter({ hasText: AGAIN }).getByRole('button', { name: '恢复' }).click()
  await worker.page.getByRole('button', { name: '确定' }).click()
  await worker.page.getByText('已恢复。').waitFor()
  assert.deepEqual(plain(await tool.get(`/persons/${again}`)), before)
  assert.deepEqual([...worker.troubles, ...officer.troubles], [])
  await worker.close()
  await officer.close()
})
