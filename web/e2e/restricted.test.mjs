import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, DESK, heading, open, PHONE, placeOf, settled, start, stop } from './kit.mjs'

before(start)
after(stop)

const TOWNSHIP = placeOf('head')
const seconds = (from) => (Date.now() - from) / 1000

/** A child of the first station; only the responsible worker, the head and who is cleared may open the file. */
async function child() {
  const tool = await api('head')
  const { items } = await tool.get(`/persons?place=${TOWNSHIP}&category=LEFT_CHILD&limit=1`)
  assert.equal(items.length, 1)
  return items[0]
}

test('J23: the county asks for a minor\'s file, the head approves on the phone, the page opens without reload and closes at the end', { timeout: 120_000 }, async () => {
  const { id, name } = await child()
  const county = await open({ user: 'county', size: DESK })
  await county.page.goto(`/persons/${id}`)
  await county.page.getByText('未成年人档案，须经审批才能查阅').waitFor()
  assert.equal(await county.page.getByText(name, { exact: true }).count(), 0, 'the name is masked')
  const asked = Date.now()
  await county.page.getByRole('button', { name: '申请查阅' }).click()
  await county.page.getByLabel('查阅理由').fill('核对困境儿童生活补贴')
  await county.page.getByLabel('查阅时长（分钟）').fill('1')
  await county.page.getByRole('button', { name: '提交申请' }).click()
  await county.page.getByText('申请已提交，等待审批').waitFor()
  assert.ok(seconds(asked) <= 15, `request took ${seconds(asked)} s`)

  const head = await open({ user: 'head', size: PHONE })
  await head.page.goto('/clearances')
  await settled(head.page)
  const decided = Date.now()
  await head.page.getByRole('button', { name: '审批', exact: true }).first().click()
  await head.page.getByText('核对困境儿童生活补贴').waitFor()
  await head.page.getByRole('button', { name: '批准', exact: true }).click()
  await head.page.getByText('已批准。').waitFor()
  assert.ok(seconds(decided) <= 10, `approval took ${seconds(decided)} s`)

  // No reload: the page asks by itself while the request waits.
  await county.page.getByRole('heading', { level: 1, name }).waitFor({ timeout: 10_000 })
  await county.page.getByText('单次查阅已批准').waitFor()
  const who = await (await api('head')).get(`/persons/${id}/clearances`)
  assert.equal(who.items[0].way, 'minor')
  // One minute later the page closes by itself.
  await county.page.getByText('未成年人档案，须经审批才能查阅').waitFor({ timeout: 75_000 })
  await county.page.getByRole('heading', { level: 1, name }).waitFor({ state: 'hidden' })
  assert.deepEqual([...county.troubles, ...head.troubles], [])
  await county.close()
  await head.close()
})

test('a restricted file is proposed, approved by a second person, opened with a reason, and seen by nobody else', { timeout: 120_000 }, async () => {
  const tool = await api('resident01')
  const { items: [person] } = await tool.get(`/persons?place=${TOWNSHIP}&category=DIBAO&limit=1`)
  const worker = await open({ user: 'resident01' })
  await worker.page.goto(`/persons/${person.id}`)
  await settled(worker.page)
  await worker.page.getByRole('button', { name: '更多' }).click()
  await worker.page.getByRole('menuitem', { name: '建立受限档案' }).click()
  await choose(worker.page, 'kind', '家庭暴力')
  await worker.page.getByLabel('建档理由').fill('多次报警，需要持续跟进')
  await worker.page.getByLabel('首条事实').fill('左臂有新伤，本人称为家人所致')
  await worker.page.getByRole('button', { name: '提交批准' }).click()
  await worker.page.getByText('等待批准，批准后方可打开').waitFor()

  const head = await open({ user: 'head', size: PHONE })
  await head.page.goto('/clearances')
  await settled(head.page)
  await head.page.getByRole('button', { name: '审批', exact: true }).first().click()
  await head.page.getByText('多次报警，需要持续跟进').waitFor()
  assert.equal(await head.page.getByText('家庭暴力').count(), 0, 'what the file is about is not told to who approves')
  await head.page.getByRole('button', { name: '批准', exact: true }).click()
  await head.page.getByText('已批准。').waitFor()
  // The head is not on the list: the person looks as without the file.
  await head.page.goto(`/persons/${person.id}`)
  await settled(head.page)
  assert.equal(await head.page.getByRole('region', { name: '受限档案' }).count(), 0)

  await worker.page.reload()
  await settled(worker.page)
  const panel = worker.page.getByRole('region', { name: '受限档案' })
  await panel.getByRole('button', { name: '打开' }).click()
  await worker.page.getByRole('button', { name: '记录并打开' }).click()
  await worker.page.getByText('请填写理由。').waitFor()
  await worker.page.getByLabel('本次查阅理由').fill('回访前了解情况')
  await worker.page.getByRole('button', { name: '记录并打开' }).click()
  await worker.page.getByText('左臂有新伤，本人称为家人所致').waitFor()
  await worker.page.getByRole('button', { name: '关闭档案' }).click()
  await worker.page.getByText('左臂有新伤，本人称为家人所致').waitFor({ state: 'hidden' })

  // Break-glass: the county opens it in an emergency, the head is told.
  const county = await open({ user: 'county' })
  await county.page.goto(`/persons/${person.id}`)
  await settled(county.page)
  await county.page.getByRole('button', { name: '更多' }).click()
  await county.page.getByRole('menuitem', { name: '紧急查阅受限档案' }).click()
  await county.page.getByLabel('发生了什么，为何不能等待').fill('人身安全受到威胁，公安已到场')
  await county.page.getByRole('button', { name: '确认紧急查阅' }).click()
  const emergency = county.page.getByRole('region', { name: '受限档案' })
  await emergency.getByText('紧急查阅').waitFor()
  await head.page.goto('/tasks')
  await head.page.getByText('有人启用了紧急查阅，请核实').first().waitFor()
  assert.deepEqual([...worker.troubles, ...head.troubles, ...county.troubles], [])
  await Promise.all([worker.close(), head.close(), county.close()])
})

for (const [lang, title] of [['zh', '查阅审批'], ['en', 'Clearances']]) {
  test(`the inbox stands on a phone in ${lang}`, { timeout: 60_000 }, async () => {
    const { page, troubles, close } = await open({ user: 'head', size: PHONE, lang })
    await page.goto('/clearances')
    await heading(page, title).waitFor()
    await settled(page)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth)
    assert.equal(wide, false, 'nothing is wider than the phone')
    assert.deepEqual(troubles, [])
    await close()
  })
}
