/** Words of the inbox. */
export default {
  zh: {
    title: '待办', none: '没有待办', noneText: '需要您审核、确认的事会出现在这里。', noneDone: '还没有办结的事项', noneDoneText: '办结的事项会保留在这里备查。',
    state: { label: '状态', open: '未办', done: '已办' }, mine: '只看我的', late: '只看已超期', kinds: '事项类型',
    field: { title: '事项', place: '地区', created: '收到时间', due: '办理期限', done: '办结' },
    window: '任何一天，至 {day}', windowFrom: '{from} 至 {day} 任何一天', noLimit: '不限期', atOnce: '请立即办理', doneOn: '{day} 办结', lateFor: '逾期：{reason}',
    kind: {
      clearance_waiting: '查阅申请待审批', minor_standing: '责任社工查阅未成年人档案待批准', break_glass: '有人启用了紧急查阅，请核实', break_glass_review: '站长启用了紧急查阅，请核实', break_glass_audit: '有人启用了紧急查阅，请审计', ledger_approve: '台账变更待审批（{to}）', risk_red: '走访发现紧急风险：{signs}', risk_close: '申请解除红色风险，请确认', not_reached: '连续 {n} 次走访未遇，请安排核实', duplicate_person: '疑似重复建档，请核对', document_missing: '没有证件，请协助补办', death_reported: '走访得知服务对象死亡，请核实', person_died: '服务对象去世，请办理后续', grant_approve: '账号授权待审批', review_ask: '督导请您补充走访记录（{reasons}）', handover_incoming: '有服务对象移交到本站，请答复', handover_declined: '移交被退回，请处理', household_head_needed: '户主去世，请指定新户主', caseload_left: '社工授权已结束，请移交其名下服务对象', other: '需要您处理的事项',
      export_approve: '名单导出待审批（{n} 行）',
      screening_new: '筛查发现可能漏保：{policy}，请核实', screening_lost: '筛查发现不再符合：{policy}，请核实', screening_outgrown: '正在享受、按现有情况不再符合：{policy}，请核实并报民政部门复核', screening_unknown: '情况已过期或说法不一，请重新核实：{policy}',
      application_step: '帮办申请“{policy}”：请{step}', application_tell: '“{policy}”已有结果，请告知申请人', policy_revision: '标准或政策调整待审批，请核对文件和影响范围',
      merge_confirm: '跨乡镇合并档案待确认', removal_approve: '误录档案移入回收站待批准',
      visit_overdue: '走访超期（应于 {day} 前），请安排', lead_contact: '线索要在 {day} 前首次联系', lead_verify: '线索要在 {day} 前核实', grade_due: '在册后未分级，要在 {day} 前分级', recheck_suspended: '暂停的对象要在 {day} 前复查', archive_due: '已退出，要在 {day} 前归档', entry_review: '台账要在 {day} 前复核', category_review: '“{category}”要在 {day} 前复核',
      age_begin: '到龄，请核对是否认定“{category}”', age_end: '到龄，请核对是否结束“{category}”', age_exit: '到龄，“{category}”结束后没有其他类别，请核对是否退出台账',
    },
    kindName: {
      clearance_waiting: '查阅审批', minor_standing: '未成年人长期查阅', break_glass: '紧急查阅', break_glass_review: '站长紧急查阅', break_glass_audit: '紧急查阅审计', ledger_approve: '台账审批', risk_red: '紧急风险', risk_close: '解除风险', not_reached: '走访未遇', duplicate_person: '重复建档', document_missing: '补办证件', death_reported: '死亡核实', person_died: '去世后续', grant_approve: '授权审批', review_ask: '审阅意见',
      visit_overdue: '走访超期', lead_contact: '线索联系', lead_verify: '线索核实', grade_due: '分级', recheck_suspended: '暂停复查', archive_due: '归档', entry_review: '台账复核', category_review: '类别复核', age_band: '到龄',
      screening_new: '可能漏保', screening_lost: '不再符合', screening_outgrown: '享受待复核', screening_unknown: '情况不清', application_step: '申请办理', application_tell: '告知结果', policy_revision: '标准调整审批', export_approve: '导出审批', merge_confirm: '合并确认', removal_approve: '误录审批', handover_incoming: '移交接收', handover_declined: '移交退回', household_head_needed: '指定户主', caseload_left: '责任分工',
    },
    seeComment: '见审阅意见', overdue: '已超期', handle: '去办理', finish: '标为办结', finishTitle: '标为办结', note: '办理说明', realDay: '实际办理日期', lateReason: '逾期原因', lateNote: '已过期限。照实填写办理日期和原因即可，不影响办结。', needReason: '请选择逾期原因', finished: '已办结。',
  },
  en: {
    title: 'Tasks', none: 'No tasks', noneText: 'What you must review or confirm will show up here.', noneDone: 'Nothing done yet', noneDoneText: 'Finished tasks stay here for reference.',
    state: { label: 'State', open: 'Open', done: 'Done' }, mine: 'Only mine', late: 'Only late ones', kinds: 'Kind of task',
    field: { title: 'Task', place: 'Place', created: 'Received', due: 'In time', done: 'Done' },
    window: 'any day up to {day}', windowFrom: 'any day from {from} to {day}', noLimit: 'no limit', atOnce: 'at once, please', doneOn: 'done {day}', lateFor: 'late: {reason}',
    kind: {
      clearance_waiting: 'A request to look waits for you', minor_standing: "A worker waits for the approval of minors' files", break_glass: 'Somebody broke the glass: please check', break_glass_review: 'The head broke the glass: please check', break_glass_audit: 'Somebody broke the glass: please audit', ledger_approve: 'A change of the ledger waits for approval ({to})', risk_red: 'Urgent risk found on a visit: {signs}', risk_close: 'Closing of a red risk: please sign off', not_reached: 'Not reached {n} times in a row: please check', duplicate_person: 'Perhaps the same person twice: please compare', document_missing: 'No document: please help to obtain one', death_reported: 'A death was reported on a visit: please verify', person_died: 'A client died: please see to what follows', grant_approve: 'A grant waits for approval', review_ask: 'A reviewer asks you to complete a visit ({reasons})', handover_incoming: 'A client is handed over to this station: please answer', handover_declined: 'A hand-over was declined: please see to it', household_head_needed: 'The head of a household died: name another one', caseload_left: 'A worker’s grant has ended: hand over the clients', other: 'Something for you to handle',
      export_approve: 'An export of {n} rows waits for approval',
      screening_new: 'May be left out: {policy}; please check', screening_lost: 'No longer fits: {policy}; please check', screening_outgrown: 'Receives and no longer fits by what is known: {policy}; check and tell civil affairs', screening_unknown: 'Out of date or contradictory, please check again: {policy}',
      application_step: 'Application “{policy}”: {step}', application_tell: '“{policy}” was decided: tell the applicant', policy_revision: 'A revision of standards or policies waits for a decision',
      merge_confirm: 'A merge across townships waits for confirmation', removal_approve: 'The removal of a record entered in error waits for approval',
      visit_overdue: 'Visit overdue (was due {day}): please arrange', lead_contact: 'Contact the lead by {day}', lead_verify: 'Verify the lead by {day}', grade_due: 'Not graded after entry: grade by {day}', recheck_suspended: 'Re-check the suspension by {day}', archive_due: 'Exited: archive by {day}', entry_review: 'Review the entry by {day}', category_review: 'Review “{category}” by {day}',
      age_begin: 'Birthday: should “{category}” begin?', age_end: 'Birthday: should “{category}” end?', age_exit: 'Birthday: “{category}” ends and no other category is left; should the entry end?',
    },
    kindName: {
      clearance_waiting: 'Clearances', minor_standing: "Minors' files", break_glass: 'Break-glass', break_glass_review: 'Break-glass of a head', break_glass_audit: 'Break-glass to audit', ledger_approve: 'Ledger approvals', risk_red: 'Urgent risks', risk_close: 'Closing of risks', not_reached: 'Not reached', duplicate_person: 'Duplicates', document_missing: 'Missing documents', death_reported: 'Deaths to verify', person_died: 'After a death', grant_approve: 'Grants', review_ask: 'Comments of reviewers',
      visit_overdue: 'Visits overdue', lead_contact: 'Leads to contact', lead_verify: 'Leads to verify', grade_due: 'Grading', recheck_suspended: 'Suspensions', archive_due: 'Archive', entry_review: 'Entry reviews', category_review: 'Category reviews', age_band: 'Birthdays',
      screening_new: 'May be left out', screening_lost: 'No longer fits', screening_outgrown: 'Received, to be reviewed', screening_unknown: 'Became unclear', application_step: 'Applications', application_tell: 'Results to tell', policy_revision: 'Revisions to decide', export_approve: 'Exports to approve', merge_confirm: 'Merges to confirm', removal_approve: 'Removals to approve', handover_incoming: 'Hand-overs to answer', handover_declined: 'Hand-overs declined', household_head_needed: 'Household heads', caseload_left: 'Caseloads left',
    },
    seeComment: 'see the comment', overdue: 'overdue', handle: 'Open', finish: 'Mark as done', finishTitle: 'Mark as done', note: 'What was done', realDay: 'Day it was really done', lateReason: 'Why it is late', lateNote: 'The last day has passed. Give the real day and the reason; it can be done all the same.', needReason: 'Choose why it is late', finished: 'Done.',
  },
}
