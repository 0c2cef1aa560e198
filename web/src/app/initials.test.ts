import { expect, test } from 'vitest'
import { initialsOf, means } from './initials'

test.each([
  ['\u670D\u52A1\u5BF9\u8C61\u53F0\u8D26', 'fwdxtz'],
  ['\u884C\u653F\u533A\u5212', 'xzqh'],
  ['\u5F85\u8D70\u8BBF', 'dzf'],
  ['\u8D70\u8BBF\u8BB0\u5F55', 'zfjl'],
  ['\u4ECA\u5929', 'jt'],
  ['\u8986\u76D6\u60C5\u51B5', 'fgqk'],
  ['\u793E\u5DE5\u7AD9', 'sgz'],
  ['\u5BB6\u5EAD\uFF08\u6237\uFF09A1', 'jtha1'],
])('%s has the initials %s', (text, initials) => expect(initialsOf(text)).toBe(initials))

test('a page is found by its name, by its initials and by its English name', () => {
  expect(means('fwdx', '\u670D\u52A1\u5BF9\u8C61\u53F0\u8D26')).toBe(true)
  expect(means('tz', '\u670D\u52A1\u5BF9\u8C61\u53F0\u8D26')).toBe(true)
  expect(means('LEDGER', 'Client ledger')).toBe(true)
  expect(means('zz', '\u4ECA\u5929')).toBe(false)
})

test('no initial begins too early or too late', () => {
  expect(initialsOf('走访记录')).toBe('zfjl')
  expect(initialsOf('罗玲流量龙旅落')).toBe('lllllll')
  expect(initialsOf('日容入软瑞若')).toBe('rrrrrr')
  expect(initialsOf('仨三四随所')).toBe('sssss')
  expect(initialsOf('打大他它妈母机急')).toBe('ddttmmjj')
})
