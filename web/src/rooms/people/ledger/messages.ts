/** Words of limits, grading, reviews and risks. */
export default {
  zh: {
    limits: '时限', next: '接下来', noLimits: '目前没有时限。', until: '任何一天，至 {day}', late: '已超期 {n} 天', dueToday: '今天到期', authority: '由主管部门决定', unverified: '未核实', source: '依据：{source}',
    stage: { label: '办理进度', graded: '已分级', served: '已服务', review_due: '待复核' },
    timer: { lead_contact: '首次联系', lead_verify: '核实', grade_due: '分级', visit_overdue: '走访', recheck_suspended: '暂停后复查', archive_due: '归档', entry_review: '台账复核', category_review: '复核：{category}', age_band: '到龄：{category}' },
    review: {
      title: '复核（动态管理）', open: '复核', about: '写明这次核实的情况。复核期限从复核日期重新计算。', outcome: '结论', on: '复核日期', found: '核实情况', foundHint: '家庭、收入、身体、照料等有没有变化', evidence: '依据', evidenceRef: '依据说明', reason: '退出原因', grade: '调整为', done: '复核已登记', waiting: '复核已登记，变动等待另一人确认',
      category: '复核“{name}”', keep: '维持', end: '结束', until: '新的有效期止', sub: '细分', recheck: '提前复核', cause: '原因', causeOn: '发生日期', recheckOf: '“{name}”需要提前复核', recheckDone: '已安排提前复核', statutoryNote: '法定类别由主管部门决定，这里登记决定的结果。',
      missing: { note: '请写明核实情况', outcome: '请选择结论', grade: '请选择级别', reason: '请选择退出原因', evidence_kind: '请选择依据', evidence_ref: '请写明依据', cause: '请选择原因' },
    },
    suggest: { title: '建议级别：{grade}', why: '为什么建议{grade}', none: '没有需要提高级别的情况。', points: '{n} 分', floor: '最低{grade}', score: '合计 {n} 分；规则版本 {version}。系统只提建议，由人决定。', below: '低于建议的最低级别“{grade}”，请写明理由', belowReason: '低于建议的理由', use: '采用建议', failed: '暂时算不出建议级别，可直接填写。' },
    risk: { banner: '有未解除的红色风险：{signs}', masked: '有未解除的红色风险（{n} 项）', since: '{day} 由{name}发现', waiting: '{name}已申请解除，等待另一人确认', ask: '申请解除', sign: '确认解除', askTitle: '申请解除风险', signTitle: '确认解除风险', note: '处置情况', noteHint: '做了什么，为什么危险已经解除', askAbout: '申请后由另一位有审批权的人确认，确认前级别保持“重点”。', asked: '已申请，等待确认', signed: '风险已解除', missing: '请写明处置情况' },
  },
  en: {
    limits: 'Limits', next: 'What is next', noLimits: 'No limit is running.', until: 'any day up to {day}', late: '{n} days late', dueToday: 'due today', authority: 'decided by the authority', unverified: 'unverified', source: 'Source: {source}',
    stage: { label: 'Progress', graded: 'Graded', served: 'Served', review_due: 'Review due' },
    timer: { lead_contact: 'First contact', lead_verify: 'Verification', grade_due: 'Grading', visit_overdue: 'Visit', recheck_suspended: 'Re-check of the suspension', archive_due: 'Archive', entry_review: 'Review of the entry', category_review: 'Review: {category}', age_band: 'Birthday: {category}' },
    review: {
      title: 'Review of the entry', open: 'Review', about: 'Say what was found this time. The period of review starts again on the day of the review.', outcome: 'Outcome', on: 'Day of the review', found: 'What was found', foundHint: 'Any change of family, income, health or care', evidence: 'Evidence', evidenceRef: 'About the evidence', reason: 'Reason for the exit', grade: 'New grade', done: 'Review recorded', waiting: 'Review recorded; the change waits for a second person',
      category: 'Review “{name}”', keep: 'Keep', end: 'End', until: 'New last day', sub: 'Finer code', recheck: 'Early review', cause: 'Cause', causeOn: 'Day it arose', recheckOf: '“{name}” needs an early review', recheckDone: 'Early review noted', statutoryNote: 'A statutory category is decided by the authority; record its decision here.',
      missing: { note: 'Say what was found', outcome: 'Choose the outcome', grade: 'Choose the grade', reason: 'Choose the reason', evidence_kind: 'Choose the evidence', evidence_ref: 'Describe the evidence', cause: 'Choose the cause' },
    },
    suggest: { title: 'Suggested grade: {grade}', why: 'Why {grade}', none: 'Nothing asks for a higher grade.', points: '{n} points', floor: 'at least {grade}', score: '{n} points in all; rules {version}. The program suggests, people decide.', below: 'Below the least grade suggested ({grade}): say why', belowReason: 'Why a lower grade', use: 'Take the suggestion', failed: 'No suggestion can be worked out now; fill in the grade yourself.' },
    risk: { banner: 'Open red risk: {signs}', masked: 'Open red risks: {n}', since: 'seen {day} by {name}', waiting: '{name} asked to close it; waits for a second person', ask: 'Ask to close', sign: 'Sign off', askTitle: 'Ask to close the risk', signTitle: 'Sign off the closing', note: 'What was done', noteHint: 'What was done, and why the danger is over', askAbout: 'Somebody else who may approve signs it off; until then the grade stays priority.', asked: 'Asked; waits for a second person', signed: 'Risk closed', missing: 'Say what was done' },
  },
}
