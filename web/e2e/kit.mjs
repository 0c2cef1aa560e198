import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { chromium } from 'playwright-core'

/** Address of the server under test and its demo logins; tools/journeys.sh sets both. */
export const base = process.env.SHEQIAO_URL ?? 'http://127.0.0.1:8080'
const logins = JSON.parse(readFileSync(process.env.SHEQIAO_LOGINS ?? '../.data/demo-logins.json', 'utf8'))

export const DESK = { width: 1366, height: 768 }
export const PHONE = { width: 360, height: 740 }
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

export function passwordOf(username) {
  const login = logins.find((l) => l.username === username)
  assert(login, `no demo login ${username}`)
  return login.password
}

/** The place a demo account works in. */
export const placeOf = (username) => logins.find((l) => l.username === username).place

/** Calls of a tool (bearer), beside the browser: to prepare, to count, and to try what must not work. */
export async function api(username) {
  const call = (token) => async (method, path, body) => {
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...(body ? { 'Content-Type': 'application/json' } : {}) },
      body: body && JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, body: text ? JSON.parse(text) : null }
  }
  const session = await call(null)('POST', '/session', { username, password: passwordOf(username), bearer: true })
  assert.equal(session.status, 200, JSON.stringify(session.body))
  const send = call(session.body.token)
  const get = async (path) => {
    const answer = await send('GET', path)
    assert.equal(answer.status, 200, `${path}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  /** All rows of a list, page by page. */
  const all = async (path) => {
    const items = []
    for (let cursor = ''; ;) {
      const page = await get(`${path}${path.includes('?') ? '&' : '?'}limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)
      items.push(...page.items)
      if (!page.next) return items
      cursor = page.next
    }
  }
  return { send, get, all, account: session.body.account }
}

let browser = null
export async function start() {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: FLAGS })
}
export const stop = () => browser?.close()

/**
 * A browser window of its own. `user` is signed in already (else use `signIn`); `scripts` run in every page before its own.
 * `window.troubles` fills with what must not happen: page errors, console errors, refusals of the content security policy, answers 5xx.
 */
export async function open({ user, lang = 'zh', size = DESK, scripts = [] } = {}) {
  const phone = size.width < 640
  const context = await browser.newContext({ viewport: size, isMobile: phone, hasTouch: phone, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', reducedMotion: 'reduce', baseURL: base })
  // The empty page of a new tab has no storage.
  await context.addInitScript((language) => { if (location.protocol !== 'about:') localStorage.setItem('sheqiao.language', language) }, lang)
  for (const script of scripts) await context.addInitScript({ content: script })
  if (user) {
    const answer = await context.request.post('/api/v1/session', { data: { username: user, password: passwordOf(user) }, headers: { Origin: base } })
    assert.equal(answer.status(), 200, await answer.text())
  }
  const troubles = []
  // Every tab of the window is watched, also those opened later.
  context.on('page', (tab) => watch(tab, troubles))
  const page = await context.newPage()
  return { page, context, troubles, close: () => context.close() }
}

function watch(page, troubles) {
  page.setDefaultTimeout(15_000)
  const out = new Set()
  calls.set(page, out)
  page.on('request', (request) => {
    // A new document drops the calls of the old one without a word.
    if (request.isNavigationRequest()) out.clear()
    if (request.url().includes('/api/')) out.add(request)
  })
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => out.delete(request))
  page.on('pageerror', (error) => troubles.push(`error in the page: ${error.message}`))
  // A refusal of the server (4xx) is logged by the browser by itself; the desk shows it to the reader.
  page.on('console', (message) => { if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) troubles.push(`console: ${message.text()}`) })
  page.on('response', (response) => { if (response.status() >= 500) troubles.push(`${response.status()} ${response.url()}`) })
}

/** Signs in as a reader does. */
export async function signIn(page, username, password = passwordOf(username)) {
  await page.goto('/login')
  await page.getByLabel('用户名').fill(username)
  await page.getByLabel('密码', { exact: true }).fill(password)
  await page.getByRole('button', { name: '登录' }).click()
}

const calls = new WeakMap()

/** The screen has its heading and waits for nothing: no call to the server is out, no part is busy. */
export async function settled(page) {
  await page.locator('main h1, main h2, main [role=alert]').first().waitFor()
  for (;;) {
    const open = calls.get(page)
    while (open.size > 0) await Promise.race([page.waitForEvent('requestfinished'), page.waitForEvent('requestfailed')])
    await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
    await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))))
    if (open.size === 0) return
  }
}

export const heading = (page, name) => page.getByRole('heading', { level: 1, name })
/** The field of a form with this name in the contract. */
export const field = (page, name) => page.locator(`[data-field="${name}"]`)
/** Chooses from a list of codes by its words. */
export async function choose(page, name, words) {
  await field(page, name).locator('.el-select__wrapper').click()
  await page.getByRole('option', { name: words, exact: true }).click()
}
/** Presses one of the buttons of a field that shows all its codes at once. */
export const press = (page, name, words) => field(page, name).locator('label').filter({ hasText: words }).click()
/** Chooses a place by searching for it in the dialog of a place field. */
export async function choosePlace(page, name, text, hit) {
  await field(page, name).locator('button.field').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('textbox').fill(text)
  await dialog.getByRole('button', { name: hit }).first().click()
}

/** Numerator and denominator of one place. */
export async function figure(caller, kind, place) {
  const { total } = await caller.get(`/coverage?kind=${kind}&place=${place}`)
  return [total.numerator, total.denominator]
}

/** An id as the desk makes one (UUID version 7). */
export function uuid() {
  const hex = Date.now().toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${crypto.randomUUID().slice(15)}`
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** A citizen number with a right check character, of nobody: area of the demo, day of birth, a sequence. */
export function idNumber(birth, sequence) {
  const body = `430703${birth.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`
  return body + '10X98765432'[[...body].reduce((sum, digit, i) => sum + Number(digit) * WEIGHTS[i], 0) % 11]
}

/** The day `n` days from today in Beijing. */
export const addDay = (n) => new Date(Date.now() + 8 * 3_600_000 + n * 86_400_000).toISOString().slice(0, 10)

/** Records an act on an application by its button, on `day` or today; `fill` fills the rest of the dialog. */
export async function act(page, name, { day, fill = async () => {} } = {}) {
  await page.getByRole('button', { name, exact: true }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  if (day) {
    const on = dialog.locator('[data-field="on"] input')
    await on.fill(day)
    await on.press('Enter')
  }
  await fill(dialog)
  const [answer] = await Promise.all([
    page.waitForResponse((r) => r.url().endsWith('/acts') && r.request().method() === 'POST'),
    dialog.getByRole('button', { name, exact: true }).click(),
  ])
  assert.equal(answer.status(), 201, await answer.text())
  if (day) assert.equal(answer.request().postDataJSON().on, day, 'the day as typed')
  await dialog.waitFor({ state: 'hidden' })
}

/** On the page of an application: all papers are there, nobody is a relative, the person authorised the check. */
export async function prepare(page, person) {
  for (const paper of await page.getByRole('radiogroup').filter({ hasText: '已有' }).all()) await paper.getByText('已有', { exact: true }).click()
  await field(page, 'is_relative').getByText('否', { exact: true }).click()
  await field(page, 'consent.by').getByRole('textbox').fill(person.name)
  await choose(page, 'consent.how', '书面签字')
  const [saved] = await Promise.all([
    page.waitForResponse((r) => r.url().includes('/applications/') && r.request().method() === 'PATCH'),
    page.getByRole('button', { name: '保存', exact: true }).click(),
  ])
  assert.equal(saved.status(), 200, await saved.text())
}
