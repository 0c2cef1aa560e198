import type { EChartsCoreOption } from 'echarts/core'
import { barLabel, barLength } from './model'
import type { CoverageRow } from './api'

/** Height of one bar with its room, in pixels; on a phone the name stands above its bar. */
export const rowHeight = (narrow: boolean): number => (narrow ? 48 : 32)

interface Look {
  narrow: boolean
  still: boolean
  font: string
  colour: (token: string) => string
}

/** Horizontal bars, first row on top, each with `n/d percent` behind it. Tooltips are drawn as text, never as HTML. */
export function barOption(rows: CoverageRow[], look: Look): EChartsCoreOption {
  const ink = look.colour('--sq-ink')
  const names = rows.map((row) => row.place.name)
  return {
    textStyle: { fontFamily: look.font, fontSize: 14, color: ink },
    animation: !look.still,
    animationDuration: 300,
    grid: { left: look.narrow ? 0 : 8, right: look.narrow ? 108 : 128, top: 4, bottom: 4, containLabel: !look.narrow },
    tooltip: { trigger: 'axis', axisPointer: { type: 'none' }, renderMode: 'richText', confine: true, formatter: (hits: { dataIndex: number }[]) => { const row = rows[hits[0]?.dataIndex ?? 0]; return row ? `${row.place.name}\n${barLabel(row)}` : '' } },
    xAxis: { type: 'value', min: 0, max: 100, show: false },
    yAxis: {
      type: 'category', inverse: true, data: names, axisLine: { show: false }, axisTick: { show: false },
      axisLabel: look.narrow
        ? { inside: true, color: ink, fontSize: 14, align: 'left', verticalAlign: 'bottom', padding: [0, 0, 10, -6], interval: 0, z: 3 }
        : { color: ink, fontSize: 14, width: 168, overflow: 'truncate', interval: 0 },
    },
    series: [{
      type: 'bar', barWidth: look.narrow ? 12 : 16, showBackground: true, cursor: 'pointer',
      backgroundStyle: { color: look.colour('--sq-paper-deep'), borderRadius: 3 },
      itemStyle: { color: look.colour('--sq-primary'), borderRadius: 3 },
      data: rows.map((row) => barLength(row) ?? 0),
    }, {
      // Words behind the full width, so that all figures stand in one column.
      type: 'bar', barWidth: look.narrow ? 12 : 16, barGap: '-100%', silent: true, itemStyle: { color: 'transparent' },
      data: rows.map((row) => ({ value: 100, label: { show: true, position: 'right', color: ink, fontSize: 14, formatter: barLabel(row) } })),
    }],
  }
}
