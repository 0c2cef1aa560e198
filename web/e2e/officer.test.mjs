import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, heading, open, placeOf, settled, start, stop } from './kit.mjs'

before(start)
after(stop)

const COUNTY = placeOf('county')
const row = (page, name) => page.locator('.coverage tbody tr').filter({ has: page.getByRole('link', { name, exact: true }) }).first()

test('the county officer drills from the county to an uncovered village by name', { timeout: 60_000 }, async () => {
  const tool = await api('county')
  const figures = await tool.get(`/coverage?kind=point&place=${COUNTY}&by=child`)
  const short = figures.rows.find((r) => r.numerator < r.denominator)
  const { items: missing } = await tool.get(`/coverage/missing?kind=point&mode=strict&place=${short.place.code}&limit=200`)
  assert.equal(missing.length, short.denominator - short.numerator, 'the list names exactly what the figure lacks')

  const { page, troubles, close } = await open({ user: 'county' })
  await page.goto('/coverage')
  await page.locator('.coverage tbody tr').first().waitFor()
  await page.getByRole('radiogroup', { name: '统计什么' }).getByText('社工点').click()
  await page.getByText('严格口径（驻村）').first().waitFor()
  await settled(page)
  assert.deepEqual((await row(page, short.place.name).locator('td').allTextContents()).slice(0, 2).map(Number), [short.numerator, short.denominator])
  await row(page, short.place.name).getByRole('link').click()
  await page.getByRole('navigation', { name: '上级地区' }).getByText(short.place.name).waitFor()
  for (const one of missing) {
    const line = page.locator('.data-list tr').filter({ hasText: one.place.path })
    await line.getByRole('link', { name: one.place.name, exact: true }).waitFor()
    await line.getByText('还没有登记').waitFor()
  }
  assert.deepEqual(troubles, [])
  await close()
})

test('the county officer drills from the county to an unserved person by name', { timeout: 60_000 }, async () => {
  const tool = await api('county')
  const figures = await tool.get(`/coverage?kind=service&place=${COUNTY}&by=child`)
  const sum = (part) => figures.rows.reduce((all, r) => all + r[part], 0)
  assert.deepEqual([sum('numerator'), sum('denominator')], [figures.total.numerator, figures.total.denominator])
  const township = figures.rows.find((r) => r.denominator - r.numerator > 0).place
  const village = (await tool.get(`/coverage?kind=service&place=${township.code}&by=child`)).rows.find((r) => r.numerator < r.denominator)
  const unserved = await tool.all(`/coverage/unserved?place=${village.place.code}`)
  assert.equal(unserved.length, village.denominator - village.numerator)

  const { page, troubles, close } = await open({ user: 'county' })
  await page.goto(`/coverage?kind=service&place=${COUNTY}`)
  await row(page, township.name).getByRole('link').click()
  await page.getByRole('navigation', { name: '上级地区' }).getByText(township.name).waitFor()
  await settled(page)
  assert.deepEqual((await row(page, village.place.name).locator('td').allTextContents()).slice(0, 2).map(Number), [village.numerator, village.denominator])
  const names = page.locator('.data-list tbody tr').filter({ hasText: village.place.name }).getByRole('link')
  await names.first().waitFor()
  // The list is that of the township: the people of one village may stand on several pages.
  const seen = await names.allTextContents()
  const next = page.getByRole('button', { name: '下一页' })
  for (let n = 2; (await next.count()) && (await next.isEnabled()); n++) {
    await next.click()
    await page.getByText(`第 ${n} 页`).waitFor()
    await settled(page)
    seen.push(...(await names.allTextContents()))
  }
  assert.deepEqual(seen.sort(), unserved.map((p) => p.name).sort())
  await page.reload()
  await names.first().click()
  await page.getByRole('heading', { level: 1 }).filter({ hasText: unserved[0].name }).waitFor()
  assert.deepEqual(troubles, [])
  await close()
})

test('a past day above the county comes from a job that shows itself on the page', { timeout: 60_000 }, async () => {
  const { page, troubles, close } = await open({ user: 'province' })
  await page.goto('/coverage?kind=service&on=2026-06-01')
  await page.locator('.coverage tbody tr').first().waitFor()
  await page.getByText('至 2026-06-01').first().waitFor()
  assert.deepEqual(troubles, [])
  await close()
})
