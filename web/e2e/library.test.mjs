/** The public policy library and the self-check: nobody signs in, and what somebody answers goes nowhere. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { DESK, PHONE, heading, open, settled, start, stop } from './kit.mjs'

before(start)
after(stop)

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const PLACE = '430703'

async function axe(page, where) {
  const found = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] }))
  return found.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => `${where}: ${v.impact} ${v.id}: ${v.nodes.slice(0, 2).map((n) => n.html.slice(0, 160)).join(' | ')}`)
}
const tooWide = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)

test('from the sign-in page a visitor finds a policy by situation, by words and by address, without a session', { timeout: 60_000 }, async () => {
  const { page, troubles, close } = await open()
  const asked = []
  await page.goto('/login')
  await settled(page)
  page.on('request', (request) => asked.push(request))
  await page.getByRole('link', { name: '政策库（不用登录）' }).click()
  await heading(page, /查政策/).waitFor()
  await page.getByText('没有选地方').waitFor()
  // Province, city, county.
  await page.getByLabel('省', { exact: true }).selectOption({ label: '湖南省' })
  await page.getByLabel('市（或省直管县）').selectOption({ label: '常德市' })
  await page.getByLabel('县（区）').selectOption({ label: '鼎城区' })
  await page.waitForURL(`**/zhengce?place=${PLACE}`)

  await page.getByRole('button', { name: '家里有残疾人' }).click()
  await page.getByRole('link', { name: '困难残疾人生活补贴' }).waitFor()
  const search = page.getByRole('searchbox')
  await search.fill('zdshbz')
  await page.getByRole('link', { name: '最低生活保障' }).click()
  await heading(page, '最低生活保障').waitFor()
  await page.waitForURL(`**/zhengce/dibao?place=${PLACE}`)
  const main = page.locator('main')
  await main.getByText('1,000 元/月').waitFor()
  assert(await main.getByText('示例标准，非真实').count() > 0, 'an invented standard says so')
  await main.getByText('社会救助法第18条').first().waitFor()
  await main.getByText('30 个工作日').waitFor()
  await main.getByText('申请书').waitFor()
  assert.equal(await main.getByText('身份证、户口簿').count(), 0, 'nobody is told to bring what data matching obtains')
  await main.getByText('不得要求您提供').waitFor()
  await main.getByText('不是审批决定').first().waitFor()

  // The address can be handed on; a duty is nothing to apply for; restricted ones are described and not asked about.
  await page.goto('/zhengce/guardianship')
  await main.getByText('是部门应当做的事，不用申请').waitFor()
  await main.getByText('不做网上自查').waitFor()
  assert.equal(await page.getByRole('button', { name: '开始自查' }).count(), 0)
  await page.goto('/zhengce/hiv_child')
  await main.getByText('会为您保密').waitFor()
  await page.goto('/zhengce/no_such_policy')
  await page.getByText('没有这项政策').waitFor()

  const api = asked.filter((r) => r.url().includes('/api/'))
  assert(api.every((r) => new URL(r.url()).pathname.startsWith('/api/v1/library')), 'nobody is asked who they are')
  assert(asked.every((r) => !r.url().includes('echarts')), 'no charts are loaded')
  assert.deepEqual(troubles, [])
  await close()
})

/** Answers what is asked until the result comes; returns what was typed or pressed. */
async function answerAll(page, choose) {
  const given = []
  const result = heading(page, '自查结果')
  const question = page.locator('main form')
  for (let n = 0; n < 60; n++) {
    await result.or(question).first().waitFor()
    if (await result.isVisible()) return given
    const words = await question.locator('h2').innerText()
    const answer = choose(words)
    given.push([words, answer])
    if (/^\d/.test(answer)) {
      await question.getByRole('textbox').fill(answer)
      await question.getByRole('button', { name: '下一题' }).click()
    } else await question.getByRole('button', { name: answer, exact: true }).click()
    await page.waitForFunction((before) => document.querySelector('main form h2')?.textContent !== before, words)
  }
  throw new Error('the questions do not end')
}

const LOW = (words) => ({
  '家里平均每人每月收入大约多少元？': '612.34', '要查的这个人今年多大（周岁）？': '71', '一起生活的家庭成员有几个人？': '3', '家里的存款、房产、车辆等，符合当地低保的规定吗？': '是',
  '家里的老年人、未成年人、重度残疾人、重病患者一共几个人？': '1', '您家现在是不是低保？': '否', '本人现在是不是已经认定的特困人员（五保）？': '否',
}[words] ?? '不清楚')

test('a self-check tells what may fit, and no answer leaves the page', { timeout: 120_000 }, async () => {
  const { page, context, troubles, close } = await open()
  await page.goto(`/zhengce?place=${PLACE}`)
  await settled(page)
  await page.getByRole('button', { name: '收入低，日子难过' }).click()
  await page.getByRole('button', { name: '按这件事自查' }).click()
  await heading(page, '自己查一查').waitFor()
  await page.getByText('不上传、不保存').waitFor()
  assert(await page.getByLabel('收入低，日子难过').isChecked(), 'the situation is taken along')
  await settled(page)

  const asked = []
  context.on('request', (request) => asked.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`))
  await page.getByRole('button', { name: '开始自查' }).click()
  const form = page.locator('main form')
  await form.getByRole('heading', { name: '要查的这个人今年多大（周岁）？' }).waitFor()
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H1', 'a reader by ear hears where they are')
  // What is no number is refused with a sentence.
  await form.getByRole('textbox').fill('七十')
  await form.getByRole('button', { name: '下一题' }).click()
  await form.getByRole('alert').getByText('0 到 130').waitFor()
  // An answer can be taken back and is still there.
  await form.getByRole('textbox').fill('70')
  await form.getByRole('button', { name: '下一题' }).click()
  await page.getByText('第 2 题').waitFor()
  await page.getByRole('button', { name: '上一题' }).click()
  assert.equal(await form.getByRole('textbox').inputValue(), '70')

  const given = await answerAll(page, LOW)
  assert(given.some(([words, answer]) => words.includes('平均每人每月收入') && answer === '612.34'), JSON.stringify(given))
  const fits = page.locator('section.fits')
  const dibao = fits.locator('li.line').filter({ hasText: '最低生活保障' }).first()
  // (1000 - 612.34) × 3 + 50
  await dibao.getByText('1,212.98 元/月').waitFor()
  await dibao.getByText('示例标准，非真实').waitFor()
  await dibao.locator('summary').click()
  await dibao.getByText('家庭人均月收入低于当地低保标准').waitFor()
  assert.equal(await dibao.locator('.says').first().innerText(), '满足')
  await dibao.getByText('户籍地乡镇人民政府').waitFor()
  await page.getByText('结果仅供参考，不是审批决定；能否享受由主管部门依法决定').waitFor()

  // Nothing was asked of any server since the first question, nothing is stored, nothing stands in the address.
  assert.deepEqual(asked, [])
  assert.equal(new URL(page.url()).search, '')
  const stored = await page.evaluate(async () => ({
    local: Object.keys(localStorage).filter((key) => key !== 'sheqiao.language'), session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length, cookies: document.cookie, state: JSON.stringify(history.state),
  }))
  const { state, ...rest } = stored
  assert.deepEqual(rest, { local: [], session: [], databases: 0, caches: 0, cookies: '' })
  assert(!state.includes('612') && !state.includes('71'), state)
  assert.deepEqual(await context.cookies(), [])

  // On paper what may fit is unfolded, and there is nothing to press.
  await page.emulateMedia({ media: 'print' })
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')))
  assert.equal(await page.locator('.fits details:not([open])').count(), 0)
  assert.equal(await page.getByRole('button', { name: '打印' }).isVisible(), false)
  const pdf = await page.pdf({ format: 'A4' })
  assert(pdf.length > 10_000)
  await page.emulateMedia({ media: null })

  // Cleared; and gone with the page, also for the back button.
  await page.getByRole('button', { name: '清除，重新开始' }).click()
  await page.getByText('遇到了哪些事').waitFor()
  await page.getByRole('button', { name: '开始自查' }).click()
  await page.getByText('第 1 题').waitFor()
  await form.getByRole('textbox').fill('71')
  await form.getByRole('button', { name: '下一题' }).click()
  await page.getByText('第 2 题').waitFor()
  await page.goto('/login')
  await page.goBack()
  await page.getByText('遇到了哪些事').waitFor()
  const sent = asked.filter((line) => /612|[?&=]71\b|income|p\.age/.test(line))
  assert.deepEqual(sent, [])
  assert.deepEqual(troubles, [])
  await close()
})

for (const lang of ['zh', 'en']) for (const [name, size] of [['desk', DESK], ['phone', PHONE]]) {
  test(`public pages in ${lang} at ${size.width}×${size.height}: axe finds nothing serious, nothing scrolls sideways, also in large type`, { timeout: 120_000 }, async () => {
    const { page, troubles, close } = await open({ lang, size, scripts: [AXE] })
    const wrong = []
    const look = async (where) => {
      await settled(page)
      wrong.push(...await axe(page, where))
      const over = await tooWide(page)
      if (over > 0) wrong.push(`${where}: ${over} px too wide`)
    }
    const words = lang === 'en'
      ? { large: 'Large type', contrast: 'High contrast', begin: 'Begin the check', unknown: 'I do not know', now: 'See the result now' }
      : { large: '大字', contrast: '高对比', begin: '开始自查', unknown: '不清楚', now: '现在看结果' }
    const tour = async (mode) => {
      await page.goto(`/zhengce?place=${PLACE}`)
      await settled(page)
      if (mode !== 'plain') await page.getByRole('button', { name: words[mode] }).click()
      await page.locator('.situation button').nth(3).click()
      await look(`${mode} library`)
      await page.locator('.situation a').first().click()
      await look(`${mode} policy`)
      await page.getByRole('button', { name: words.begin }).click()
      await look(`${mode} start`)
      await page.getByRole('button', { name: words.begin }).click()
      await page.locator('main form').waitFor()
      await look(`${mode} question`)
      for (let n = 0; n < 6; n++) {
        await page.locator('main form').getByRole('button', { name: words.unknown }).click()
        if (await page.locator('main form').count() === 0) break
        await look(`${mode} question ${n + 2}`)
      }
      if (await page.getByRole('button', { name: words.now }).count()) await page.getByRole('button', { name: words.now }).click()
      await page.locator('main summary').first().click()
      await look(`${mode} result`)
    }
    await tour('plain')
    await tour('large')
    if (name === 'phone') {
      const small = await page.evaluate(() => [...document.querySelectorAll('main button, header button, header a, main summary')].filter((b) => b.getBoundingClientRect().height > 0 && b.getBoundingClientRect().height < 44).length)
      assert.equal(small, 0, 'everything to press is 44 pixels high')
    }
    await tour('contrast')
    assert.deepEqual(wrong, [])
    assert.deepEqual(troubles, [])
    await close()
  })
}

test('a check can be answered by keyboard alone', { timeout: 60_000 }, async () => {
  const { page, close } = await open()
  await page.goto('/zhengce/zicha')
  await page.getByText('遇到了哪些事').waitFor()
  await settled(page)
  const press = async (name) => {
    for (let n = 0; n < 80; n++) {
      await page.keyboard.press('Tab')
      const at = await page.evaluate(() => document.activeElement?.closest('label')?.innerText ?? document.activeElement?.innerText ?? '')
      if (at.trim() === name) return page.keyboard.press(at === name && await page.evaluate(() => document.activeElement.type === 'checkbox') ? 'Space' : 'Enter')
    }
    throw new Error(`no way to ${name} by keyboard`)
  }
  await press('办丧事、冬天取暖')
  await press('开始自查')
  await page.getByText('第 1 题').waitFor()
  await press('不清楚')
  await page.getByText('第 2 题').waitFor()
  await press('现在看结果')
  await heading(page, '自查结果').waitFor()
  await close()
})
