/** Words of the recycle bin. */
export default {
  zh: {
    title: '回收站', note: '误录的档案、作废的走访、误建的家庭放在这里，期限内可以原样恢复。期满后数据仍保存在数据库中，只是界面不再提供恢复；系统不做物理删除。',
    place: '地区', state: '状态', states: { waiting: '待批准', binned: '在回收站', restored: '已恢复', declined: '未批准' },
    what: '内容', kind: { person: '服务对象档案', visit: '走访', household: '家庭', membership: '家庭成员关系' }, reason: '原因', where: '地区', who: '经办', when: '时间', until: '可恢复至', late: '已过期限，界面不再恢复',
    restore: '恢复', restoreAsk: '恢复后与移入前完全一样。确定恢复？', restored: '已恢复。', approve: '批准', approveAsk: '批准后，这份档案从名单、查找和统计中消失，期限内可恢复。确定批准？', approved: '已批准，档案已移入回收站。', decline: '不批准', declined: '已退回，档案保持原样。', own: '您提出的，须由另一人批准', open: '打开档案',
    none: '回收站是空的', noneText: '误录的内容移入后会显示在这里。',
    remove: '误录，移入回收站', removeTitle: '把{name}的档案移入回收站', removeNote: '只用于误录：没有法定类别、没有正式建档、没有有效走访的档案。提交后由另一人批准。确有其人的重复档案，请用“合并档案”。', because: '误录的原因', needReason: '请写明原因', asked: '已提交，等待另一人批准。', submit: '提交，等待批准',
    homeTitle: '把这个家庭移入回收站', homeNote: '只用于误建的家庭；成员离户请用“离户”。移入后期限内可以恢复。', homeDone: '已移入回收站。', move: '移入回收站',
  },
  en: {
    title: 'Recycle bin', note: 'Records entered in error, void visits and households that never were lie here and can be brought back as they were. When the time is over they stay in the database but the screen offers them no more; nothing is physically deleted.',
    place: 'Place', state: 'State', states: { waiting: 'to approve', binned: 'in the bin', restored: 'brought back', declined: 'not approved' },
    what: 'What', kind: { person: 'Record of a client', visit: 'Visit', household: 'Household', membership: 'Membership' }, reason: 'Reason', where: 'Place', who: 'By', when: 'When', until: 'Can be brought back until', late: 'too late to bring back here',
    restore: 'Bring back', restoreAsk: 'It will be exactly as before. Bring it back?', restored: 'Brought back.', approve: 'Approve', approveAsk: 'The record will leave lists, search and figures; it can be brought back for a time. Approve?', approved: 'Approved; the record is in the bin.', decline: 'Do not approve', declined: 'Sent back; the record stays.', own: 'Yours: somebody else has to approve', open: 'Open the record',
    none: 'The bin is empty', noneText: 'What was entered in error will show up here.',
    remove: 'Entered in error: remove', removeTitle: 'Move the record of {name} to the bin', removeNote: 'Only for records entered in error: without a category an authority decided, without formal entry, without visits that stand. Somebody else has to approve. For a second record of a real person use “Merge records”.', because: 'Why it was an error', needReason: 'Say why', asked: 'Sent; somebody else has to approve.', submit: 'Send for approval',
    homeTitle: 'Move this household to the bin', homeNote: 'Only for households that never were; for members who leave, end their membership. It can be brought back for a time.', homeDone: 'Moved to the bin.', move: 'Move to the bin',
  },
}
