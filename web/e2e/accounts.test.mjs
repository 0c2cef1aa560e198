import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { api, choose, choosePlace, heading, open, placeOf, signIn, start, stop } from './kit.mjs'

before(start)
after(stop)

const USERNAME = 'zhaoxiaoyun'

test('one administrator creates an account, another approves, and its owner sets a password first', { timeout: 90_000 }, async () => {
  const watcher = await api('sysadmin')
  const place = await watcher.get(`/divisions/${placeOf('resident06')}`)
  const admin = await open({ user: 'sysadmin' })
  await admin.page.goto('/accounts')
  await admin.page.getByRole('button', { name: '新建账号' }).click()
  await heading(admin.page, '新建账号').waitFor()
  await admin.page.getByLabel('姓名').fill('赵小云')
  await admin.page.getByLabel('用户名').fill(USERNAME)
  const password = await admin.page.getByLabel('初始密码').inputValue()
  assert(password.length >= 10)
  await choose(admin.page, 'grants.0.role', '站长')
  await choosePlace(admin.page, 'grants.0.place', place.code, new RegExp(place.name))
  await admin.page.getByRole('button', { name: '保存' }).click()
  await heading(admin.page, '赵小云').waitFor()
  await admin.page.locator('.grant').getByText('待审批').waitFor()
  assert.equal(await admin.page.getByRole('button', { name: '审批通过' }).count(), 0, 'nobody approves an own proposal')

  const early = await open()
  await signIn(early.page, USERNAME, password)
  await heading(early.page, '修改密码').waitFor()
  assert.equal(await early.page.getByRole('link', { name: '服务对象台账' }).count(), 0, 'nothing may be seen before the approval')
  await early.close()

  const security = await open({ user: 'security' })
  await security.page.goto(`/accounts?q=${USERNAME}`)
  await security.page.getByRole('link', { name: '赵小云' }).or(security.page.getByRole('link', { name: USERNAME })).first().click()
  await security.page.getByRole('button', { name: '审批通过' }).click()
  await security.page.getByRole('dialog').getByText(place.name).waitFor()
  await security.page.getByRole('dialog').getByRole('button', { name: '审批通过' }).click()
  await security.page.locator('.grant').getByText('有效', { exact: true }).waitFor()

  const owner = await open()
  await signIn(owner.page, USERNAME, password)
  await heading(owner.page, '修改密码').waitFor()
  await owner.page.goto('/persons')
  await heading(owner.page, '修改密码').waitFor()
  const own = 'wu-li-pai-2026-hao'
  await owner.page.getByLabel('原密码').fill(password)
  await owner.page.getByLabel('新密码', { exact: true }).fill(own)
  await owner.page.getByLabel('再输入一次新密码').fill(own)
  await owner.page.getByRole('button', { name: '修改密码', exact: true }).click()
  await heading(owner.page, '修改密码').waitFor({ state: 'hidden' })
  await owner.page.goto('/stations')
  await owner.page.getByRole('link', { name: new RegExp(place.name) }).first().waitFor()
  assert.equal(await owner.page.locator('main tbody tr').count(), 1)

  const again = await open()
  await signIn(again.page, USERNAME, password)
  await again.page.getByText('账号或密码不正确').first().waitFor()
  await signIn(again.page, USERNAME, own)
  await again.page.getByRole('navigation', { name: '主菜单' }).waitFor()

  const [account] = (await watcher.get(`/accounts?q=${USERNAME}`)).items
  assert.equal(account.grants[0].state, 'approved')
  assert.deepEqual([admin, security, owner].flatMap((w) => w.troubles), [])
  for (const window of [admin, security, owner, again]) await window.close()
})
