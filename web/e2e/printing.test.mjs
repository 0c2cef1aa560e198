/** Paper: the plain-words sheet of a person and a form of an application, as PDF and Word, on the desk and on a phone. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import { PHONE, api, heading, open, placeOf, start, stop, uuid } from './kit.mjs'

before(start)
after(stop)

/** The file a click downloads: its name, first bytes and text. */
async function downloaded(page, click) {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), click()])
  const path = await download.path()
  const head = readFileSync(path).subarray(0, 5).toString('latin1')
  const word = 'import re,sys,zipfile;print("".join(re.findall(r"<w:t[^>]*>([^<]*)", zipfile.ZipFile(sys.argv[1]).read("word/document.xml").decode())))'
  const text = head === '%PDF-' ? execFileSync('pdftotext', [path, '-']) : execFileSync('python3', ['-c', word, path])
  return { name: download.suggestedFilename(), head, path, text: text.toString().replaceAll(/\s+/g, '') }
}

test('a worker prints the plain-words sheet and the papers of an application', { timeout: 180_000 }, async () => {
  const tool = await api('resident01')
  const items = await tool.all(`/persons?place=${placeOf('resident01')}&state=active`)
  const person = items.find((p) => !p.closed && !p.away && p.age >= 60 && !p.categories.includes('DIBAO'))
  const { page, troubles, close } = await open({ user: 'resident01' })
  await page.goto(`/persons/${person.id}?tab=policies`)
  await heading(page, person.name).waitFor()

  const sheet = await downloaded(page, () => page.getByRole('button', { name: '打印明白纸' }).click())
  assert.equal(sheet.head, '%PDF-')
  assert.match(sheet.name, /^政策明白纸和帮办单-\d{8}\.pdf$/)
  for (const words of [person.name, '只是提示，不是审批决定', '要问清的情况', '责任社工', '材料回执', '第1页/共']) assert(sheet.text.includes(words), words)
  const fonts = execFileSync('pdffonts', [sheet.path]).toString().trim().split('\n').slice(2)
  assert(fonts.length > 0 && fonts.every((line) => line.includes(' yes yes yes ')), fonts.join('\n'))
  await page.getByText(/文件已下载/).first().waitFor()
  const large = await downloaded(page, () => page.getByRole('button', { name: '大字版' }).click())
  assert.equal(large.head, '%PDF-')
  const word = await downloaded(page, () => page.getByRole('button', { name: 'Word', exact: true }).click())
  assert.equal(word.head.slice(0, 4), 'PK\u0003\u0004')
  assert.match(word.name, /\.docx$/)
  for (const words of [person.name, '只是提示，不是审批决定', '材料回执']) assert(word.text.includes(words), words)

  // The forms: numbers masked, in full with a reason only.
  const id = uuid()
  assert.equal((await tool.send('POST', '/applications', { id, person_id: person.id, policy: 'elder_allowance' })).status, 201)
  await page.goto(`/applications/${id}`)
  await page.getByRole('button', { name: '打印', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('入户调查表').click()
  const form = await downloaded(page, () => dialog.getByRole('button', { name: '生成文件' }).click())
  assert.match(form.name, /^入户调查表-/)
  for (const words of [person.name, '调查人一', '打印人']) assert(form.text.includes(words), words)
  assert(!/\d{17}[\dX]/.test(form.text), 'no number in full')
  await dialog.waitFor({ state: 'hidden' })
  assert.deepEqual(troubles, [])
  await close()

  // What goes wrong is said on the page: the press is busy.
  const phone = await open({ user: 'resident01', size: PHONE })
  await phone.page.route('**/papers', (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', body: JSON.stringify({ code: 'unavailable', status: 503, title: '打印的人较多，请过一会儿再试。' }) }), { times: 1 })
  await phone.page.goto(`/persons/${person.id}?tab=policies`)
  await phone.page.getByRole('button', { name: '打印明白纸' }).click()
  await phone.page.getByText('打印的人较多').waitFor()
  const wide = await phone.page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  assert.equal(wide, false, 'nothing sticks out sideways')
  await phone.close()
})
