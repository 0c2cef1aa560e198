/** Words of bulk acts and of the grid. */
export default {
  zh: {
    title: '批量操作', one: '批量操作结果', note: '每一行都按单个办理的规则和权限执行，结果逐人可查；规定时间内可以整体撤销。', none: '还没有批量操作', noneText: '在服务对象列表中点“批量操作”，或用“表格编辑”批量修改。',
    what: '操作', at: '时间', actor: '操作人', counts: '结果', why: '原因', result: '完成 {done}，未办 {refused}，已撤销 {undone}，待处理 {waiting}', by: '{name} 于 {at} 操作', all: '全部', away: '已不在您的权限内',
    kind: { assign: '把 {n} 人交给 {worker}', grade: '提议或确认 {n} 人为“{grade}”', confirm: '确认 {n} 人的等级', edit: '表格修改 {n} 人' }, short: { assign: '调整责任社工', grade: '提议等级', confirm: '确认等级' },
    state: { waiting: '待处理', done: '已完成', refused: '未办', undone: '已撤销', kept: '未撤销（之后有修改）' },
    begin: '开始', who: '对象范围', everybody: '符合当前筛选的全部', chosen: '只选勾选的（{n} 人）', first: '当前筛选的人数较多，以下为前 {n} 人；“全部”一次最多 1000 人。', those: '当前筛选共 {n} 人。', assignHint: '留空表示暂无责任社工', gradeHint: '等级须两人办理：您提议后由另一位审批人确认；别人已提议同一对象的，您提交即为确认', basis: '依据', confirmHint: '确认别人已提议的等级；没有待确认等级、或由您本人提议的，会逐条说明未办原因。',
    undo: '整体撤销', undoAsk: '撤销这次操作？其中 {n} 人恢复原样；之后又被修改过的不动，并列出名单。', undone: '已撤销', until: '{at} 前可以撤销。',
    column: { name: '姓名', phone: '电话', usual_name: '常用名', address: '住址', worker: '责任社工', planned_on: '计划走访日' },
    fault: { phone: '电话号码不正确，请填 11 位手机号或带区号的座机', day: '日期无法识别，请按 2026-11-23 填写', dayRange: '计划日期应在今天起一年之内', worker: '本站没有叫这个名字的社工', long: '内容太长' },
    grid: {
      title: '表格编辑', note: '像电子表格一样改：从 Excel、WPS 复制后，点中起始单元格粘贴。粘贴到“姓名”一栏、或连同表头一起粘贴时，按姓名对行，不怕隐藏行和排序。有错的格子会标出来，全部正确后一次保存，可一次撤销。',
      blanks: '粘贴的空白格', keep: '保持原值', clear: '清空原值', state: '共 {rows} 人，改动 {changed} 人。', faulty: '{n} 人有错，见标红的格子。', save: '保存 {n} 人', onlyGood: '只保存正确的 {n} 人', drop: '放弃改动', undo: '撤销刚才的保存（{n} 人）', saved: '已保存 {n} 人', leave: '有 {n} 人的改动还没有保存，确定离开吗？',
      unknown: '表中没有这些姓名，未填入（{n} 个）：{names}', ambiguous: '这些姓名在表中不止一人，请手工填写（{n} 个）：{names}', nameless: '有 {n} 行没有姓名（可能是合并单元格），未填入。', beyond: '粘贴的内容比表格多出 {n} 行，多出的未填入。', none: '没有符合条件的对象', noneText: '换一个地区或条件看看。',
    },
  },
  en: {
    title: 'Bulk acts', one: 'Bulk act', note: 'Every row follows the rules and permits of the single act; the result is listed by person, and all of it can be undone for some time.', none: 'No bulk act yet', noneText: 'Start one from the list of people, or edit in the grid.',
    what: 'Act', at: 'When', actor: 'By', counts: 'Result', why: 'Why', result: 'done {done}, refused {refused}, undone {undone}, waiting {waiting}', by: 'By {name}, {at}', all: 'All', away: 'no longer in your reach',
    kind: { assign: 'Give {n} people to {worker}', grade: 'Propose or confirm “{grade}” for {n} people', confirm: 'Confirm the grades of {n} people', edit: 'Edit {n} people in the grid' }, short: { assign: 'Change worker', grade: 'Propose a grade', confirm: 'Confirm grades' },
    state: { waiting: 'Waiting', done: 'Done', refused: 'Refused', undone: 'Undone', kept: 'Kept (changed since)' },
    begin: 'Begin', who: 'People', everybody: 'All of the current filter', chosen: 'Only those ticked ({n})', first: 'The filter has many people; these are the first {n}. “All” takes 1,000 at most.', those: 'The filter has {n} people.', assignHint: 'Leave empty for nobody', gradeHint: 'A grade takes two people: you propose, another confirms; where somebody proposed already, you confirm', basis: 'Basis', confirmHint: 'Confirms grades others proposed; rows without a proposal, or with your own, are refused with the reason.',
    undo: 'Undo all', undoAsk: 'Undo this act? {n} people go back; rows changed since stay and are listed.', undone: 'Undone', until: 'Can be undone until {at}.',
    column: { name: 'Name', phone: 'Phone', usual_name: 'Usual name', address: 'Address', worker: 'Worker', planned_on: 'Planned visit' },
    fault: { phone: 'Not a telephone number: 11 digits, or a landline with area code', day: 'Not a day; write it like 2026-11-23', dayRange: 'The planned day must lie within a year from today', worker: 'No worker of the station has this name', long: 'Too long' },
    grid: {
      title: 'Grid editing', note: 'Edit as in a spreadsheet: copy from Excel or WPS, click the first cell, paste. Pasted into the name column, or with its header row, rows are matched by name, so hidden or sorted rows do no harm. Faulty cells are marked; all is saved at once when everything is right, and undone at once.',
      blanks: 'Blank cells of a paste', keep: 'leave', clear: 'clear', state: '{rows} people, {changed} changed.', faulty: '{n} with faults, marked red.', save: 'Save {n}', onlyGood: 'Save only the {n} good ones', drop: 'Drop changes', undo: 'Undo the last save ({n})', saved: '{n} saved', leave: 'Changes of {n} people are not saved. Leave?',
      unknown: 'These names are not in the grid and were left out ({n}): {names}', ambiguous: 'Several people have these names; fill them in by hand ({n}): {names}', nameless: '{n} rows have no name (merged cells?) and were left out.', beyond: 'The paste has {n} rows more than the grid; they were left out.', none: 'Nobody meets the conditions', noneText: 'Try another place or condition.',
    },
  },
}
