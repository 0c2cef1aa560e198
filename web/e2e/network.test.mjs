import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, choosePlace, field, figure, heading, open, placeOf, settled, start, stop } from './kit.mjs'

before(start)
after(stop)

const COUNTY = placeOf('county')

test('a station opens step by step and counts from then on; closed, it is named among the missing', { timeout: 120_000 }, async () => {
  const tool = await api('county')
  const [{ place }] = (await tool.get(`/coverage/missing?kind=station&place=${COUNTY}`)).items
  const [n, d] = await figure(tool, 'station', COUNTY)
  const { page, troubles, close } = await open({ user: 'county' })
  const dialog = page.getByRole('dialog')
  const confirm = async (button) => {
    await dialog.getByRole('button', { name: button, exact: true }).click()
    await dialog.waitFor({ state: 'hidden' })
    await settled(page)
  }

  await page.goto('/stations')
  await page.getByRole('button', { name: '新增社工站' }).click()
  await heading(page, '新增社工站').waitFor()
  await choosePlace(page, 'place', place.code.replace(/^\w+:/, ''), new RegExp(place.name))
  await field(page, 'name').locator('input').fill(`${place.name}社会工作服务站`)
  await choose(page, 'operating_mode', '政府购买服务')
  await page.getByRole('button', { name: '保存' }).click()
  await heading(page, `${place.name}社会工作服务站`).waitFor()
  await settled(page)
  const id = page.url().split('/').at(-1)
  const status = async (name) => {
    await page.getByRole('button', { name: '变更状态' }).click()
    await dialog.getByText(name, { exact: true }).click()
    await dialog.getByLabel('变更理由').fill('按方案推进')
    await confirm('确定变更')
  }

  await page.getByRole('tab', { name: '岗位' }).click()
  await page.getByRole('button', { name: '新增岗位' }).click()
  await choose(page, 'kind', '驻站社工')
  await confirm('保存')
  await page.getByRole('button', { name: '安排人员' }).click()
  await dialog.getByLabel('姓名').fill('钱多多')
  await choose(page, 'employment_mode', '乡镇（街道）合同聘用')
  await confirm('保存')
  await page.getByRole('tabpanel', { name: '岗位' }).getByText('钱多多').waitFor()

  await status('筹建')
  await status('人员到位')
  await page.getByRole('button', { name: '登记挂牌' }).click()
  await dialog.getByLabel('文号').fill('鼎民发〔2026〕3号')
  await confirm('保存')
  for (const next of ['已挂牌', '运作']) if ((await tool.get(`/stations/${id}`)).status !== { 已挂牌: 'plaque_hung', 运作: 'operating' }[next]) await status(next)
  await page.getByText('计入覆盖').first().waitFor()
  assert.deepEqual(await figure(tool, 'station', COUNTY), [n + 1, d])

  await page.getByRole('tab', { name: '片区' }).click()
  await settled(page)
  await page.getByRole('tab', { name: '状态' }).click()
  await page.getByRole('tabpanel', { name: '状态' }).getByText('鼎民发〔2026〕3号').waitFor()
  await page.getByRole('tab', { name: '工作量' }).click()
  await page.getByRole('tabpanel', { name: '工作量' }).getByText('钱多多').waitFor()
  await page.getByRole('button', { name: '变更与查看记录' }).click()
  await dialog.getByText('县民政干部').first().waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  await status('撤销')
  assert.deepEqual(await figure(tool, 'station', COUNTY), [n, d])
  await page.goto(`/coverage?kind=station&place=${COUNTY}`)
  const line = page.locator('.data-list tr').filter({ hasText: place.name })
  await line.getByText('已撤销').waitFor()
  assert.deepEqual(troubles, [])
  await close()
})
