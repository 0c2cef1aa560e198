import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { api, open, PHONE, placeOf, settled, start, stop } from './kit.mjs'

before(start)
after(stop)

// Injected by the browser itself, so the content security policy stays in force for the desk.
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const TOWNSHIP = placeOf('resident01')
const COUNTY = placeOf('county')

/** Every screen, by the account that works on it. */
async function screens() {
  const tool = await api('resident01')
  const first = async (path) => (await tool.get(path)).items[0]
  const person = await first('/due')
  const [visit, household, station, point] = [await first('/visits'), await first('/households'), await first('/stations'), await first('/points')]
  const admin = await api('sysadmin')
  const account = (await admin.get('/accounts?q=worker')).items[0]
  const id = person.person.id
  const adult = (await tool.get('/persons?state=active&limit=50')).items.find((p) => !p.closed && !p.away && p.age >= 18)
  const file = await first('/applications')
  return {
    resident01: [
      '/today', '/tasks', '/persons', '/persons?q=zzzzzz', `/persons/${id}`, '/persons/new', `/persons/${id}/edit`, `/persons/${adult.id}?tab=policies`, '/applications', ...(file ? [`/applications/${file.id}`] : []),
      '/households', `/households/${household.id}`, '/households/new', `/households/${household.id}/sheet`, `/households/unit?person=${id}`, '/handovers', '/caseloads', '/clearances', '/restricted-files', '/duplicates', '/merges', '/recycle-bin', '/division-queues', '/visits', '/visits/new', `/visits/new?person=${id}`, `/visits/${visit.id}`,
      '/due', '/due/print', '/exports', '/visit-plan', '/bulk', '/bulk/grid', '/visit-reviews', '/service-figures', '/stations', `/stations/${station.id}`, `/stations/${station.id}/edit`, '/points', `/points/${point.id}`, '/points/new', `/points/${point.id}/edit`,
    ],
    county: [
      ...['station', 'point', 'staffing', 'service', 'ledger'].map((kind) => `/coverage?kind=${kind}&place=${COUNTY}`),
      `/coverage?kind=service&place=${TOWNSHIP}`, '/divisions', `/divisions/${TOWNSHIP}`, `/divisions/stat:${TOWNSHIP}`, '/division-reviews', `/division-events/new?from=${TOWNSHIP}`,
      '/standards', '/policy-revisions', '/policy-revisions/new?kind=standards', '/policy-revisions/new?kind=policy',
      '/stations', '/stations/new', '/no-such-page', '/accounts/new',
    ],
    sysadmin: ['/accounts', '/accounts/new', `/accounts/${account.id}`, '/password'],
  }
}

/** Pages for everybody; the ways through them stand in library.test.mjs. */
const PUBLIC = ['/login', `/zhengce?place=${COUNTY}`, `/zhengce/dibao?place=${COUNTY}`, '/zhengce/guardianship', '/zhengce/zicha', '/zhengce/no_such_policy']

const SMALL = { resident01: (all) => ['/today', '/persons', '/due'].concat(all.filter((path) => /^\/persons\/[0-9a-f-]{36}$/.test(path) || path.startsWith('/visits/new?') || path.endsWith('tab=policies') || path.startsWith('/applications'))), county: () => ['/standards', '/policy-revisions/new?kind=standards', `/coverage?kind=service&place=${COUNTY}`, `/coverage?kind=point&place=${TOWNSHIP}`] }

async function axe(page) {
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }))
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${v.impact} ${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(' | ')}`)
}

/** Sentences the server writes for readers: these must follow the language and count as words of the screen. */
const SENTENCES = ['label', 'title', 'detail', 'message', 'formula', 'notes', 'action_label']

/** All texts of an answer that are data: names, addresses, words typed by people. */
function data(answer, into) {
  if (typeof answer === 'string') into.push(answer)
  else if (Array.isArray(answer)) answer.forEach((each) => data(each, into))
  else if (answer && typeof answer === 'object') for (const [key, value] of Object.entries(answer)) if (!(SENTENCES.includes(key) && typeof value === 'string')) data(value, into)
}

/** Chinese words on the screen: texts, and what only a reader by ear hears. */
const hanOnScreen = (page) => page.evaluate(() => {
  const texts = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) if (!['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(node.parentElement.tagName)) texts.push(node.textContent)
  for (const element of document.querySelectorAll('[aria-label], [title], [placeholder], [alt]')) texts.push(...['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''))
  texts.push(document.title)
  return [...new Set(texts.flatMap((text) => text.match(/[\p{Script=Han}〇]+/gu) ?? []))]
})

for (const lang of ['zh', 'en']) {
  test(`every screen in ${lang}: no serious finding of axe, no refusal of the security policy, no error${lang === 'en' ? ', no Chinese besides data' : ''}`, { timeout: 150_000 }, async () => {
    const wrong = []
    for (const [user, paths] of Object.entries(await screens())) {
      const { page, troubles, close } = await open({ user, lang, scripts: [AXE] })
      let known = []
      const reading = []
      page.on('response', (response) => {
        if (response.url().includes('/api/v1/') && response.status() !== 204) reading.push(response.json().then((answer) => data(answer, known), () => undefined))
      })
      await page.goto('/')
      await settled(page)
      for (const path of paths) {
        troubles.length = 0
        await page.goto(path)
        await settled(page)
        wrong.push(...(await axe(page)).map((finding) => `${path}: ${finding}`), ...troubles.map((trouble) => `${path}: ${trouble}`))
        if (lang === 'en') {
          await Promise.all(reading)
          const all = known.join('\n')
          wrong.push(...(await hanOnScreen(page)).filter((word) => word !== '中文' && !all.includes(word)).map((word) => `${path}: Chinese on the English screen: ${word}`))
          known = [all]
        }
      }
      await close()
    }
    const { page, close } = await open({ lang, scripts: [AXE] })
    const words = []
    const answers = []
    page.on('response', (response) => { if (response.url().includes('/api/v1/library')) answers.push(response.json().then((answer) => data(answer, words), () => undefined)) })
    for (const path of PUBLIC) {
      await page.goto(path)
      await settled(page)
      wrong.push(...(await axe(page)).map((finding) => `${path}: ${finding}`))
      await Promise.all(answers)
      const all = words.join('\n')
      if (lang === 'en') wrong.push(...(await hanOnScreen(page)).filter((word) => word !== '中文' && !all.includes(word)).map((word) => `${path}: ${word}`))
    }
    await close()
    assert.deepEqual(wrong, [])
  })
}

test('nothing scrolls sideways at 360×740, and axe finds nothing serious there', { timeout: 90_000 }, async () => {
  const wrong = []
  const all = await screens()
  for (const lang of ['zh', 'en']) {
    for (const [user, pick] of Object.entries(SMALL)) {
      const { page, troubles, close } = await open({ user, lang, size: PHONE, scripts: [AXE] })
      for (const path of pick(all[user])) {
        await page.goto(path)
        await settled(page)
        const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
        if (over > 0) wrong.push(`${lang} ${path}: ${over} px too wide`)
        wrong.push(...(await axe(page)).map((finding) => `${lang} ${path}: ${finding}`))
      }
      wrong.push(...troubles)
      await close()
    }
  }
  assert.deepEqual(wrong, [])
})

test('the policy itself is strict', async () => {
  const { page, close } = await open()
  const response = await page.goto('/login')
  const policy = response.headers()['content-security-policy']
  assert.match(policy, /script-src 'self'(;|$)/)
  assert.match(policy, /default-src 'self'/)
  const refused = await page.evaluate(() => new Promise((tell) => {
    document.addEventListener('securitypolicyviolation', () => tell(true))
    const script = document.createElement('script')
    script.textContent = 'window.ran = true'
    document.head.append(script)
    setTimeout(() => tell(false), 2000)
  }))
  assert.equal(refused, true, 'an inline script is refused')
  await close()
})
