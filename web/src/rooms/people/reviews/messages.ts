/** Words of the review of visits. */
export default {
  zh: {
    title: '督导审阅', note: '从最近 {days} 天的走访中随机抽取（先抽日期，再抽记录），逐条审阅；已审阅的不再抽到，本人的走访不会抽到。', place: '地区', again: '重新抽取', progress: '已审阅 {done} / {n}，其中退回补充 {ask} 条',
    keys: '键盘：j 下一条，k 上一条，Enter 通过，数字键按原因退回，x 写意见退回，Ctrl+Enter 发出。', none: '没有可抽取的走访', noneText: '这个地区最近没有走访，或都已审阅。', ok: '通过', ask: '写意见退回', askWith: '按原因退回：', comment: '需要补充的内容', commentHint: '写明请社工补充或说明什么', send: '退回', back: '取消', allDone: '这一批已全部审阅。',
    verdict: { ok: '通过', ask: '退回补充' }, ofVisit: '审阅意见', answer: '答复', answerHint: '更正请用“修改”或“补充说明”，这里说明办理情况。', answered: '已答复', answerOf: '{name}答复：', stop: '；',
  },
  en: {
    title: 'Review of visits', note: 'Drawn from the last {days} days (days first, then visits). What was reviewed is not drawn again, own visits never.', place: 'Place', again: 'Draw again', progress: '{done} of {n} reviewed, {ask} asked back',
    keys: 'Keys: j next, k previous, Enter good, a number asks back with that reason, x asks back in words, Ctrl+Enter sends.', none: 'Nothing to draw', noneText: 'No recent visits here, or all were reviewed.', ok: 'Good', ask: 'Ask back in words', askWith: 'Ask back because:', comment: 'What is missing', commentHint: 'Say what the worker should add or explain', send: 'Ask back', back: 'Cancel', allDone: 'All of these are reviewed.',
    verdict: { ok: 'good', ask: 'asked back' }, ofVisit: 'Reviews', answer: 'Answer', answerHint: 'Correct with “Change” or an addendum; here say what was done.', answered: 'Answered', answerOf: '{name} answered: ', stop: '; ',
  },
}
