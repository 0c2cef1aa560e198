import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { addDay, api, heading, open, placeOf, settled, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

/** Keystroke-level model: seconds of a human for a key, a pointing (with its click) and a decision. */
const KEY = 0.28
const POINT = 1.1
const DECIDE = 1.2

/** Adds up human time beside the measured waits. */
function watch() {
  let human = 0
  const begun = Date.now()
  return {
    keys: (n) => { human += n * KEY },
    point: (n = 1) => { human += n * POINT },
    decide: (n = 1) => { human += n * DECIDE },
    /** Human time plus the whole machine time, an upper bound: the browser also waits for this script. */
    seconds: () => human + (Date.now() - begun) / 1000,
    human: () => human,
  }
}

/** Puts a text on the clipboard of the page and pastes it where the focus is, as Ctrl+V does. */
const paste = (page, text) => page.evaluate((text) => {
  const data = new DataTransfer()
  data.setData('text/plain', text)
  document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
}, text)

test('J13: 200 people are edited by paste from a sheet, bad cells marked in place, one undo', { timeout: 240_000 }, async () => {
  const tool = await api('resident01')
  const people = await tool.all('/bulk-edits')
  const { village } = people.find((p) => p.village)
  for (let n = people.length; n < 200; n++) {
    const made = await tool.send('POST', '/persons', { id: uuid(), name: `试粘贴${String.fromCharCode(0x4e00 + n)}`, sex: '2', doc_type: 'none', no_number_reason: '证件遗失', village: village.code, lead_source: 'visit' })
    assert.equal(made.status, 201, JSON.stringify(made.body))
  }
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/bulk/grid')
  await settled(page)
  const clock = watch()
  // All states: the filter is emptied with one click.
  clock.point()
  await page.locator('.filters .el-select').last().hover()
  await page.locator('.filters .el-select .el-select__clear').last().click()
  await settled(page)
  const rows = page.locator('tbody tr')
  await rows.nth(199).waitFor()

  // The sheet: full-width digits, apostrophes, a blank cell, and three bad cells.
  const sheet = Array.from({ length: 200 }, (_, n) => [`'１３８${String(10_000_000 + n)}`, n % 7 ? `小名${n}` : '', '', '', addDay(n % 20)])
  sheet[3][0] = '138'
  sheet[50][4] = '下周二'
  sheet[120][3] = '没有这个人'
  clock.point()
  await page.locator('input[data-cell="0-0"]').click()
  clock.keys(2)
  await paste(page, sheet.map((r) => r.join('\t')).join('\r\n'))
  await page.getByText('3 人有错').waitFor()
  assert.equal(await page.locator('td.bad').count(), 3, 'bad cells are marked in place')
  await page.locator('td.bad .why', { hasText: '电话号码不正确' }).waitFor()
  await page.locator('td.bad .why', { hasText: '日期无法识别' }).waitFor()
  assert.equal(await page.getByRole('button', { name: /^保存 200 人/ }).isDisabled(), true, 'nothing is saved while a cell is bad')
  for (const [cell, text] of [['3-0', '13812345678'], ['50-4', addDay(3)], ['120-3', '']]) {
    clock.decide()
    clock.point()
    clock.keys(text.length + 2)
    await page.locator(`input[data-cell="${cell}"]`).fill(text)
  }
  clock.decide()
  clock.point()
  await page.getByRole('button', { name: /^保存 200 人/ }).click()
  await page.getByRole('button', { name: /撤销刚才的保存（200 人）/ }).waitFor({ timeout: 60_000 })
  const saved = clock.seconds()
  const after = await tool.all('/bulk-edits')
  assert.ok(after.filter((p) => p.planned_on).length >= 200)

  clock.point()
  await page.getByRole('button', { name: /撤销刚才的保存/ }).click()
  await page.getByText('已撤销').first().waitFor({ timeout: 60_000 })
  const back = await tool.all('/bulk-edits')
  assert.equal(back.filter((p) => p.planned_on).length, people.filter((p) => p.planned_on).length, 'one undo puts all back')
  console.log(`J13: saved after ${saved.toFixed(1)} s, undone after ${clock.seconds().toFixed(1)} s (human ${clock.human().toFixed(1)} s by the model)`)
  assert.ok(clock.seconds() <= 120, `${clock.seconds()} s`)
  assert.deepEqual(troubles, [])
  await close()
})

test('J16: a supervisor reviews 20 records by keyboard alone', { timeout: 180_000 }, async () => {
  const tool = await api('supervisor')
  const { page, troubles, close } = await open({ user: 'supervisor' })
  await page.goto('/visit-reviews')
  await settled(page)
  await page.getByText('已审阅 0 / 20').waitFor()
  const first = await page.locator('.queue li b').first().textContent()
  assert.match(first, /\*/, 'names are masked for a supervisor')
  const clock = watch()
  const press = async (key) => { clock.keys(key.includes('+') ? 2 : 1); await page.keyboard.press(key) }
  for (let n = 0; n < 20; n++) {
    clock.decide()
    if (n === 4) await press('3')
    else if (n === 9) {
      await press('x')
      await page.locator('textarea:focus').waitFor()
      const words = '请补充用药和复诊情况'
      clock.keys(words.length * 2)
      await page.keyboard.type(words)
      await press('Control+Enter')
    } else await press('Enter')
    await page.getByText(`已审阅 ${n + 1} / 20`).waitFor()
  }
  const seconds = clock.seconds()
  await page.getByText('这一批已全部审阅。').waitFor()
  await settled(page)
  const asked = (await tool.get('/visit-reviews?verdict=ask')).items
  assert.equal(asked.length, 2)
  assert.ok(asked.some((r) => r.reasons.includes('service_missing')) && asked.some((r) => r.comment.includes('请补充用药')))
  assert.equal((await tool.get('/visit-reviews')).items.length, 20)
  console.log(`J16: ${seconds.toFixed(1)} s (human ${clock.human().toFixed(1)} s by the model)`)
  assert.ok(seconds <= 90, `${seconds} s`)
  assert.deepEqual(troubles, [])
  await close()

  // The question is a task of the worker, who answers on the page of the visit.
  const asking = asked.find((r) => r.comment)
  const worker = asking.worker.name
  const login = (await (await api('sysadmin')).all('/accounts')).find((a) => a.display_name === worker)
  const desk = await open({ user: login.username })
  await desk.page.goto('/tasks?kind=review_ask')
  await desk.page.getByText('督导请您补充走访记录').first().waitFor()
  await desk.page.goto(`/visits/${asking.visit_id}`)
  await desk.page.getByText('请补充用药和复诊情况').waitFor()
  await desk.page.getByRole('button', { name: '答复' }).click()
  await desk.page.getByRole('dialog').getByLabel('答复').fill('已补充，见补充说明。')
  await desk.page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
  await desk.page.getByText('已答复').first().waitFor()
  await desk.close()
})

test('a bulk act shows its result by person and is undone', { timeout: 90_000 }, async () => {
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/persons?state=active&grade=C')
  await settled(page)
  await page.getByRole('button', { name: '批量操作' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('提议等级').click()
  await dialog.locator('[data-field=grade] .el-select__wrapper').click()
  await page.getByRole('option', { name: '关注', exact: true }).click()
  await dialog.getByLabel('依据').fill('季度复核')
  await dialog.getByRole('button', { name: '开始' }).click()
  await page.getByText('季度复核').waitFor({ state: 'hidden' })
  await heading(page, /提议或确认 \d+ 人为“关注”/).waitFor()
  await page.getByRole('button', { name: '整体撤销' }).waitFor({ timeout: 60_000 })
  await page.getByRole('button', { name: '整体撤销' }).click()
  await page.locator('.el-message-box').getByRole('button').last().click()
  await page.getByText('已撤销').first().waitFor({ timeout: 60_000 })
  assert.deepEqual(troubles, [])
  await close()
})

test('service figures keep the two figures apart and lead to the acts behind them', { timeout: 60_000 }, async () => {
  const tool = await api('county')
  const month = (await tool.get('/service-figures')).span
  const year = await tool.get(`/service-figures?place=${placeOf('county')}&span=${month.slice(0, 4)}`)
  assert.ok(year.total.acts > year.total.people && year.total.people > 0)
  assert.equal(year.months.reduce((sum, m) => sum + m.acts, 0), year.total.acts)
  assert.equal(year.places.reduce((sum, p) => sum + p.acts, 0), year.total.acts)
  const { page, troubles, close } = await open({ user: 'county' })
  await page.goto(`/service-figures?span=${month.slice(0, 4)}`)
  await settled(page)
  await page.getByRole('heading', { name: '按服务类型' }).waitFor()
  const link = page.getByRole('link', { name: /查看“访视照料”的名单/ })
  const n = Number(await link.textContent())
  await link.click()
  await heading(page, '走访记录').waitFor()
  await settled(page)
  assert.ok(n > 0 && (await page.locator('tbody tr').count()) > 0)
  assert.deepEqual(troubles, [])
  await close()
})

test('the plan keeps to its limits and tells what does not fit', { timeout: 60_000 }, async () => {
  const tool = await api('resident01')
  const plan = await tool.get('/visit-plan')
  assert.equal(plan.visits + plan.calls + plan.unmet, plan.due)
  assert.ok(plan.days.every((d) => d.stops.filter((s) => s.how === 'visit').length <= plan.visits_per_day))
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto('/visit-plan')
  await settled(page)
  await heading(page, '走访计划').waitFor()
  if (plan.unmet) await page.getByText(`有 ${plan.unmet} 人排不上`).first().waitFor()
  else await page.getByText('按现有人力可以全部排上。').first().waitFor()
  assert.deepEqual(troubles, [])
  await close()
})
