export default {
  zh: {
    title: '政策筛查', note: '按已知情况逐人比对政策，找出可能漏保的人。', notice: '筛查结果只是线索，不是审批决定；能否享受由主管部门依法决定（个人信息保护法第二十四条）。请先核实，再帮助申请。',
    place: '地区', start: '立即筛查', running: '正在筛查', failed: '筛查没有完成，请稍后重试', finished: '筛查完成：看了 {seen} 人，{changed} 人与上次不同',
    never: '本地还没有筛查过。系统每天夜里自动筛查，也可以立即筛查。', neverTitle: '还没有筛查', last: '最近一次：{at}，看了 {seen} 人，{changed} 人与上次不同', first: '这是首次筛查，作为比较基准，不派待办', ofTownship: '（本乡镇）', fullOn: '最近一次全量核对：{day}', missed: '全量核对发现 {n} 人被每日筛查遗漏，已补上，请告知系统管理员',
    kinds: '线索类型', kind: { eligible: '可能漏保', lost: '不再符合', unknown: '情况不清' }, kindNote: { eligible: '可能符合、还没有享受、也没有在申请', lost: '按现有情况不再符合；正在享受的，是否停发由民政部门依法复核', unknown: '原来清楚，现在情况过期或说法不一，请重新核实' },
    byPolicy: '各项政策', perPolicy: '{title}：{n} 人，最近新增 {fresh} 人', fresh: '新增 {n}', more: '显示其余 {n} 项', less: '收起', nothing: '没有这类线索。',
    policy: '政策', anyPolicy: '全部政策', person: '服务对象', amount: '可能金额', since: '发现日期', worker: '责任社工', village: '村（社区）', example: '示例标准', household: '按户', nobody: '未指定', look: '核实意见', shown: '核实情况', waiting: '待核实', aside: '已核实',
    open: '查看政策匹配', dismiss: '核实', dismissTitle: '核实线索', dismissNote: '选择核实结果后，这条线索移到“已核实”；情况变化后会重新提示。', reason: '核实结果', more_words: '说明', needReason: '请选择核实结果', needNote: '选择“其他”时请写明情况', dismissed: '已记录核实意见', none: '没有线索', noneText: '换一个地区或类型看看；新的线索会在筛查后出现。', closed: '未成年人档案未开放',
  },
  en: {
    title: 'Policy screening', note: 'Compares everybody with the policies by what is known, so that nobody is left out.', notice: 'What a screening finds are leads, not decisions; who is entitled is decided by the competent authority under the law (PIPL art. 24). Check first, then help to apply.',
    place: 'Place', start: 'Screen now', running: 'Screening', failed: 'The screening was not completed; try again later', finished: 'Done: {seen} people looked at, {changed} differ from last time',
    never: 'This place was not screened yet. It is done every night by itself, or now.', neverTitle: 'Not screened yet', last: 'Last time: {at}, {seen} people looked at, {changed} differ from the time before', first: 'The first screening is what later ones are compared with; it raises no tasks', ofTownship: ' (this township)', fullOn: 'Everybody was checked on {day}', missed: 'The check of everybody found {n} people the daily screenings had missed; they were added. Please tell the administrator',
    kinds: 'Kind of lead', kind: { eligible: 'May be left out', lost: 'No longer fits', unknown: 'Became unclear' }, kindNote: { eligible: 'May fit, does not receive it and has not applied', lost: 'Does not fit any more by what is known; whether a benefit ends is for civil affairs to review', unknown: 'Was known, but is out of date or contradictory by now: please check again' },
    byPolicy: 'By policy', perPolicy: '{title}: {n} people, {fresh} new', fresh: '{n} new', more: 'Show {n} more', less: 'Show less', nothing: 'No leads of this kind.',
    policy: 'Policy', anyPolicy: 'All policies', person: 'Client', amount: 'Possible amount', since: 'Found on', worker: 'Worker', village: 'Village', example: 'example standard', household: 'per household', nobody: 'nobody', look: 'Second look', shown: 'Second look', waiting: 'Waiting', aside: 'Done',
    open: 'Open the policies', dismiss: 'Look', dismissTitle: 'A second look', dismissNote: 'The lead then stands under “Done”; when things change it comes up again.', reason: 'What was found', more_words: 'Note', needReason: 'Choose what was found', needNote: 'With “Other” say what was found', dismissed: 'Noted', none: 'No leads', noneText: 'Try another place or kind; new leads come up after a screening.', closed: "minor's file closed",
  },
}
