/** A clerk changes a number by a document, sees whom it changes, and a second person lets it come into force. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { PHONE, api, heading, open, placeOf, start, stop } from './kit.mjs'

before(start)
after(stop)

const pick = async (page, name, option) => {
  await page.getByRole('combobox', { name }).click()
  await page.getByRole('combobox', { name }).fill(option)
  await page.locator('.el-select-dropdown__item:visible').filter({ hasText: option }).first().click()
}

test('a county raises a standard by a document; a second person decides; the explanation names it', { timeout: 180_000 }, async () => {
  const tool = await api('county')
  const county = placeOf('county')
  const std = async () => (await tool.get(`/policy-standards?place=${county}`)).items.find((s) => s.code === 'dibao.std')
  const before = await std()
  const { page, troubles, close } = await open({ user: 'county' })
  await page.goto('/standards')
  await heading(page, '地方标准').waitFor()
  await page.getByRole('rowheader', { name: '低保标准', exact: true }).waitFor()
  await page.getByRole('button', { name: '按文件调整标准' }).click()
  await heading(page, '按文件调整标准').waitFor()
  await page.getByLabel('文件标题').fill('关于提高低保标准的通知')
  await page.getByLabel('文号').fill('示例〔2026〕1号')
  await page.getByLabel('发文机关').fill('示例民政局')
  await page.getByLabel('发文日期').fill(new Date().toISOString().slice(0, 10))
  await page.getByLabel('发文日期').press('Enter')
  await pick(page, '添加一项标准', '低保标准')
  await page.getByRole('spinbutton', { name: /低保标准/ }).fill(String((before.value + 10_000) / 100))
  // The rest of the sheet is pasted.
  await page.evaluate(() => {
    const data = new DataTransfer()
    data.setData('text/plain', '标准\t数值\n低保边缘收入上浮比例\t1.6\n没有的标准\t3\n')
    document.querySelector('section.card h2 + p.soft')?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }))
  })
  await page.getByText('已粘贴 1 项').waitFor()
  await page.getByText('没有这些标准：没有的标准').waitFor()
  await page.getByRole('button', { name: '保存草稿' }).click()
  await heading(page, '关于提高低保标准的通知').waitFor()
  const id = page.url().split('/').pop()

  // Not before it is known whom it changes.
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提交审批' }).click()
  await page.getByText('请先测算').first().waitFor()
  await page.getByRole('button', { name: '测算', exact: true }).click()
  await page.getByText(/测算了 [\d,]+ 人/).waitFor({ timeout: 120_000 })
  const file = await tool.get(`/policy-revisions/${id}`)
  assert(file.effect.persons > 1000, 'the whole ledger of the county was asked')
  await page.getByRole('button', { name: '提交审批' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '提交审批' }).click()
  await page.getByText('待审批').first().waitFor()
  assert.equal(await page.getByRole('button', { name: '批准生效' }).count(), 0, 'the author does not decide')
  assert.equal((await std()).value, before.value, 'nothing holds yet')
  assert.deepEqual(troubles.filter((t) => !t.includes('422')), [])
  await close()

  const second = await open({ user: 'province' })
  await second.page.goto(`/policy-revisions/${id}`)
  await second.page.getByRole('button', { name: '批准生效' }).click()
  await second.page.getByRole('dialog').getByRole('button', { name: '批准生效' }).click()
  await second.page.getByText('已生效').first().waitFor()
  assert.deepEqual(second.troubles, [])
  await second.close()
  const now = await std()
  assert.equal(now.value, before.value + 10_000)
  assert.match(now.source, /关于提高低保标准的通知（示例〔2026〕1号）/)

  const phone = await open({ user: 'county', size: PHONE, lang: 'en' })
  for (const path of ['/standards', '/policy-revisions', `/policy-revisions/${id}`, '/policy-revisions/new?kind=policy']) {
    await phone.page.goto(path)
    await phone.page.locator('h1').first().waitFor()
    await phone.page.waitForLoadState('networkidle')
    assert.equal(await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `${path}: nothing sticks out sideways`)
  }
  assert.deepEqual(phone.troubles, [])
  await phone.close()
})

test('the conditions of a policy are revised by choosing, with examples that must come out', { timeout: 120_000 }, async () => {
  const { page, troubles, close } = await open({ user: 'county' })
  await page.goto('/policy-revisions/new?kind=policy')
  await heading(page, '修订政策条件').waitFor()
  await page.getByLabel('文件标题').fill('关于高龄津贴的通知')
  await pick(page, '政策', '高龄')
  await page.getByText('符合的条件').waitFor()
  await page.getByRole('button', { name: '添加示例' }).click()
  await page.getByLabel('说明').fill('年纪够大')
  await page.getByRole('button', { name: '保存草稿' }).click()
  await heading(page, '关于高龄津贴的通知').waitFor()
  await page.getByText('不一致').waitFor()
  assert.deepEqual(troubles, [])
  await close()
})
