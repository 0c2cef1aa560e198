/** Pictures of the running product for README and manual: `make shots`. They show the demo world, whose people are invented. */
import assert from 'node:assert/strict'
import { mkdirSync, statSync } from 'node:fs'
import { api, DESK, open, PHONE, placeOf, settled, start, stop } from './kit.mjs'

const OUT = new URL('../../docs/shots/', import.meta.url).pathname
const MOST = 200_000
const COUNTY = placeOf('county')
const TOWNSHIP = placeOf('resident01')

mkdirSync(OUT, { recursive: true })
await start()
const worker = await api('resident01')
const admin = await api('sysadmin')
const pages = await Promise.all((await worker.all(`/persons?place=${TOWNSHIP}&state=active`)).map((p) => worker.get(`/persons/${p.id}`)))
/** Somebody whose page has something to tell: most visits, then most categories. */
const told = pages.sort((a, b) => b.stats.visits_total - a.stats.visits_total || b.categories_open.length - a.categories_open.length)[0]
const [station] = (await worker.get('/stations')).items
const [account] = (await admin.get('/accounts?q=resident01')).items

async function writeVisit(page) {
  await page.getByRole('radio', { name: '见到本人' }).click()
  await page.getByLabel('走访情况').fill('精神尚好，血压偏高，已按时服药。儿子本月底回家。')
}
const section = (name) => async (page) => { await page.getByRole('tab', { name }).or(page.getByRole('link', { name, exact: true })).or(page.locator('main').getByText(name, { exact: true })).first().click() }

const desk = [
  ['login', null, '/login'],
  ['today', 'resident01', '/today'],
  ['persons', 'resident01', '/persons'],
  ['person-new', 'resident01', '/persons/new'],
  ['person', 'resident01', `/persons/${told.id}`],
  ['ledger', 'resident01', `/persons/${told.id}`, section('台账')],
  ['visit-form', 'resident01', `/visits/new?person=${told.id}`, writeVisit],
  ['due', 'resident01', '/due'],
  ['due-print', 'resident01', '/due/print'],
  ['stations', 'county', `/stations?place=${COUNTY}`],
  ['station', 'resident01', `/stations/${station.id}`],
  ['coverage', 'county', `/coverage?kind=service&place=${COUNTY}`],
  ['coverage-unserved', 'county', `/coverage?kind=service&place=${TOWNSHIP}`, (page) => page.getByRole('heading', { name: '统计期内还未服务到的人' }).evaluate((e) => e.scrollIntoView({ block: 'start' }))],
  ['divisions', 'county', `/divisions/${COUNTY}`],
  ['division-reviews', 'province', '/division-reviews'],
  ['account-new', 'sysadmin', '/accounts/new'],
  ['account', 'sysadmin', `/accounts/${account.id}`],
]
const phone = [
  ['phone-today', 'resident01', '/today'],
  ['phone-person', 'resident01', `/persons/${told.id}`],
  ['phone-visit', 'resident01', `/visits/new?person=${told.id}`, writeVisit],
  ['phone-coverage', 'county', `/coverage?kind=service&place=${COUNTY}`],
]
const english = [['coverage-en', 'county', `/coverage?kind=point&place=${COUNTY}`]]

for (const [list, size, lang] of [[desk, DESK, 'zh'], [phone, PHONE, 'zh'], [english, DESK, 'en']]) {
  for (const [name, user, path, act] of list) {
    // A window of its own for each picture: no tabs of the pictures before.
    const { page, troubles, close } = await open({ user, size, lang })
    await page.goto(path)
    await settled(page)
    await act?.(page)
    await settled(page)
    if (size === PHONE) await page.evaluate(() => window.scrollTo(0, 0))
    const file = `${OUT}${name}.png`
    await page.screenshot({ path: file, animations: 'disabled', caret: 'hide' })
    assert.deepEqual(troubles, [], name)
    assert(statSync(file).size <= MOST, `${name}.png is larger than ${MOST} bytes`)
    console.log(`${name}.png ${Math.round(statSync(file).size / 1000)} kB`)
    await close()
  }
}
await stop()
