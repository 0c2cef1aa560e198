/** Words of restricted files, clearances and minors' files. */
export default {
  zh: {
    mine: { title: '我的受限档案', none: '没有列您为知悉人的受限档案', noneText: '您被批准为知悉人后，档案会出现在这里。', person: '服务对象', part: '我的身份', followUp: '回访日期', made: '建档时间', state: '状态' },
    inbox: {
      title: '查阅审批', none: '没有待审批的申请', noneText: '受限档案知悉人、未成年人档案查阅等申请会出现在这里。', state: '状态', person: '服务对象', what: '申请事项', account: '查阅人', asked: '申请时间', left: '到期时间',
      handle: '审批', all: '批准该社工全部', allDone: '已批准 {n} 项。', allMore: '已批准 {n} 项，还有更多，请再次点击。',
    },
    state: { waiting: '待审批', approved: '已批准', refused: '未批准', revoked: '已撤销', proposed: '待批准', open: '在用', closed: '已关闭' },
    way: { named: '列入受限档案知悉人', standing: '责任社工长期查阅', minor: '单次查阅未成年人档案', break_glass: '紧急查阅' },
    panel: { title: '受限档案', note: '仅知悉人可见。每次打开须填写理由并留痕。', open: '打开', waits: '等待批准，批准后方可打开。', until: '可查阅至 {at}', followUp: '回访日期 {on}', file: '{at} 建立', glass: '紧急查阅' },
    open: { title: '打开受限档案', reason: '本次查阅理由', reasonHint: '理由会写入审计记录，不可更改。', missing: '请填写理由。', submit: '记录并打开', hide: '关闭档案', over: '查阅时间已到，档案已关闭。', left: '还可查阅 {n} 分钟' },
    file: { entries: '内容', noEntries: '还没有内容。', names: '知悉人', version: '第 {n} 版', replaced: '已被更正', add: '添加内容', correct: '更正', by: '{name} · {at}', to: '至 {on} 结束' },
    entry: { title: '添加内容', correct: '更正内容', what: '内容类型', fact: '事实', note: '工作记录', category: '受限类别', on: '日期', text: '内容', code: '类别', evidence: '认定依据', evidenceRef: '依据编号或名称', source: '来源', done: '已保存。', missing: '请填写此项。', factHint: '只写看到、听到的事实，不作推断；不向儿童本人追问。' },
    propose: { menu: '建立受限档案', title: '建立受限档案', kind: '档案类别', reason: '建档理由', namesHint: '只列确有必要知悉的人；须由另一人批准后生效。', owner: '主责社工', others: '其他知悉人', account: '账号', add: '添加知悉人', remove: '移除', first: '首条事实', followUp: '回访日期', submit: '提交批准', done: '已提交，等待批准。' },
    glass: { menu: '紧急查阅受限档案', title: '紧急查阅', note: '仅限危及生命安全等紧急情形。查阅限时自动结束，站长和审计员会立即收到通知，无法关闭。', reason: '发生了什么，为何不能等待', minutes: '时长（分钟，最长 180）', submit: '确认紧急查阅', done: '已开启紧急查阅并通知站长和审计员。' },
    decide: { title: '审批查阅申请', reason: '申请理由', together: '一并批准的知悉人', minutes: '申请时长 {n} 分钟', note: '审批意见', approve: '批准', refuse: '不批准', approved: '已批准。', refused: '已退回。', forWhom: '{account} 申请查阅 {person}' },
    who: { menu: '查阅批准记录', title: '谁可以查阅', none: '没有批准记录。', revoke: '撤销', reason: '撤销理由', revoked: '已撤销。', force: '有效', until: '至 {at}', noEnd: '长期' },
    minor: {
      closed: '未成年人档案，须经审批才能查阅', closedText: '您看到的是脱敏后的信息。如工作需要，请申请单次查阅；每次查阅都会留痕（《未成年人网络保护条例》第三十六条）。',
      ask: '申请查阅', waiting: '申请已提交，等待审批。批准后本页自动打开。', refused: '上一次申请未获批准。', provisional: '您登记了该对象，审批前可查阅至 {at}。', opening: '单次查阅已批准，至 {at} 自动关闭。',
      title: '申请查阅未成年人档案', reason: '查阅理由', minutes: '查阅时长（分钟）', submit: '提交申请', asked: '已提交申请。', tag: '未成年人',
    },
  },
  en: {
    mine: { title: 'My restricted files', none: 'No restricted file names you', noneText: 'Files appear here once you are approved for their list.', person: 'Client', part: 'My part', followUp: 'Look again on', made: 'Made', state: 'State' },
    inbox: {
      title: 'Clearances', none: 'Nothing waits for you', noneText: "Names for restricted files and requests to open minors' files show up here.", state: 'State', person: 'Client', what: 'What is asked', account: 'Who looks', asked: 'Asked', left: 'Ends',
      handle: 'Decide', all: 'Approve all of this worker', allDone: '{n} approved.', allMore: '{n} approved, more are waiting: click again.',
    },
    state: { waiting: 'Waiting', approved: 'Approved', refused: 'Refused', revoked: 'Revoked', proposed: 'Proposed', open: 'Open', closed: 'Closed' },
    way: { named: 'Name on a restricted file', standing: 'Standing approval of the responsible worker', minor: "One opening of a minor's file", break_glass: 'Break-glass' },
    panel: { title: 'Restricted files', note: 'Seen by those on the list only. Each opening asks for a reason and is recorded.', open: 'Open', waits: 'Waits for approval before it can be opened.', until: 'Until {at}', followUp: 'Look again on {on}', file: 'Made {at}', glass: 'Break-glass' },
    open: { title: 'Open a restricted file', reason: 'What you open it for', reasonHint: 'The reason enters the audit log and cannot be changed.', missing: 'Give a reason.', submit: 'Record and open', hide: 'Close the file', over: 'The time is over; the file is closed.', left: '{n} minutes left' },
    file: { entries: 'Entries', noEntries: 'Nothing yet.', names: 'Named list', version: 'Version {n}', replaced: 'corrected later', add: 'Add an entry', correct: 'Correct', by: '{name} · {at}', to: 'ended {on}' },
    entry: { title: 'Add an entry', correct: 'Correct an entry', what: 'What it is', fact: 'Fact', note: 'Note', category: 'Restricted category', on: 'Day', text: 'Text', code: 'Category', evidence: 'Evidence', evidenceRef: 'Number or name of the evidence', source: 'Source', done: 'Saved.', missing: 'Fill this in.', factHint: 'Only what was seen and heard; do not question a child about it.' },
    propose: { menu: 'Propose a restricted file', title: 'Propose a restricted file', kind: 'About', reason: 'Why it is needed', namesHint: 'Only those who must know; a second person approves.', owner: 'Owner', others: 'Others on the list', account: 'Account', add: 'Add a name', remove: 'Remove', first: 'First fact', followUp: 'Look again on', submit: 'Send for approval', done: 'Sent; it waits for approval.' },
    glass: { menu: 'Break-glass', title: 'Break-glass', note: 'For danger to life and the like only. It ends by itself; the head and the auditor are told at once, which cannot be switched off.', reason: 'What happened and why it cannot wait', minutes: 'Minutes (180 at most)', submit: 'Break the glass', done: 'Open now; head and auditor were told.' },
    decide: { title: 'Decide on a request', reason: 'Reason', together: 'Names approved together', minutes: '{n} minutes asked for', note: 'Your note', approve: 'Approve', refuse: 'Refuse', approved: 'Approved.', refused: 'Refused.', forWhom: '{account} asks to look at {person}' },
    who: { menu: 'Who may look', title: 'Who may look', none: 'No clearances.', revoke: 'Revoke', reason: 'Why', revoked: 'Revoked.', force: 'in force', until: 'until {at}', noEnd: 'without end' },
    minor: {
      closed: "A minor's file needs an approval", closedText: 'What you see is masked. Ask for one opening when your work needs it; every opening is recorded (Regulations on the online protection of minors, art. 36).',
      ask: 'Ask to open', waiting: 'Your request waits. This page opens by itself once it is approved.', refused: 'Your last request was refused.', provisional: 'You registered this child: open to you until {at}, before the approval.', opening: 'One opening was approved; it closes by itself at {at}.',
      title: "Ask to open a minor's file", reason: 'What for', minutes: 'For how many minutes', submit: 'Send', asked: 'Sent.', tag: 'Minor',
    },
  },
}
