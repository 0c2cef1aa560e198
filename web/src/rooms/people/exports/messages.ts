/** Words of exports. */
export default {
  zh: {
    title: '我的导出', one: '审批导出', note: '导出的名单与列表上看到的一致。文件只能由本人下载一次，15 分钟内有效。',
    button: '导出', dialogTitle: '导出名单（CSV）', extent: '范围', masked: '脱敏名单', maskedHint: '证件号码、电话、住址按屏幕上的样子隐去；走访情况和风险迹象不导出。200 人以内可直接导出。',
    full: '完整名单', fullVisitsHint: '含走访情况、需求、风险迹象和采取的措施。须写明用途，由另一位有权限的同事审批；每个人的查看记录中都会留下这次导出。', fullHint: '证件号码、电话、住址等完整显示。须写明用途，由另一位有权限的同事审批；每个人的查看记录中都会留下这次导出。',
    purpose: '用途', purposeHint: '审批人会看到，并印在文件上，例如：发放 2026 年春节慰问金', ask: '导出', waiting: '已提交审批（{n} 行）。审批通过后，请到“我的导出”生成文件。', made: '文件已生成，共 {n} 行，正在下载。',
    none: '还没有导出过名单', noneText: '在服务对象台账、待走访、走访记录的列表上点“导出”。',
    list: { persons: '服务对象台账', due: '待走访', visits: '走访记录' },
    state: { waiting: '待审批', approved: '可生成', refused: '未批准', ready: '待下载', fetched: '已下载' },
    field: { list: '名单', kind: '内容', people: '行数', minors: '未成年人', purpose: '用途', state: '状态', by: '申请人', place: '地区', at: '申请时间', decided: '审批', query: '查询条件', hash: '文件摘要', all: '全部' },
    yes: '是', and: '；', make: '生成并下载', fetch: '重新生成', kind: { masked: '脱敏', full: '完整' },
    approve: '批准', refuse: '不批准', refuseTitle: '不批准这份导出', why: '理由', approved: '已批准。', refused: '已告知不批准。', decidedBy: '{name}：{note}',
    approveText: '批准后，{name}可以生成一份含 {n} 行的文件，并只能下载一次。',
  },
  en: {
    title: 'My exports', one: 'Approve an export', note: 'An export holds what the list shows. Only you can fetch the file, once, within 15 minutes.',
    button: 'Export', dialogTitle: 'Export the list (CSV)', extent: 'Extent', masked: 'Masked list', maskedHint: 'Document numbers, phones and addresses are hidden as on the screen; what visits found stays out. Up to 200 people need no approval.',
    full: 'Full list', fullVisitsHint: 'With what the visits found: summary, needs, risk signs and what was done. Needs a purpose and the approval of a colleague who may give it; everybody’s access log names the export.', fullHint: 'Document numbers, phones and addresses in full. Needs a purpose and the approval of a colleague who may give it; everybody’s access log names the export.',
    purpose: 'Purpose', purposeHint: 'The approver sees it and it is printed on the file, for example: Spring Festival allowances 2026', ask: 'Export', waiting: 'Sent for approval ({n} rows). Once approved, make the file under “My exports”.', made: 'The file is ready ({n} rows) and being fetched.',
    none: 'Nothing exported yet', noneText: 'Press “Export” on the ledger, the due list or the visits.',
    list: { persons: 'Client ledger', due: 'Due visits', visits: 'Visits' },
    state: { waiting: 'waits for approval', approved: 'can be made', refused: 'not approved', ready: 'to be fetched', fetched: 'fetched' },
    field: { list: 'List', kind: 'Content', people: 'Rows', minors: 'Minors', purpose: 'Purpose', state: 'State', by: 'Asked by', place: 'Place', at: 'Asked at', decided: 'Decision', query: 'Conditions', hash: 'Hash of the file', all: 'everything' },
    yes: 'yes', and: '; ', make: 'Make and fetch', fetch: 'Make again', kind: { masked: 'masked', full: 'full' },
    approve: 'Approve', refuse: 'Refuse', refuseTitle: 'Refuse this export', why: 'Why', approved: 'Approved.', refused: 'Refused.', decidedBy: '{name}: {note}',
    approveText: 'Once approved, {name} can make one file with {n} rows and fetch it once.',
  },
}
