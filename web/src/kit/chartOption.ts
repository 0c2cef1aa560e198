import type { EChartsCoreOption } from 'echarts/core'

export type ChartKind = 'bar' | 'line' | 'ring'

/** One row of figures of a chart; `null` is a gap, not a zero. */
export interface Series {
  name: string
  values: (number | null)[]
}

const COLOURS = ['#0f6262', '#c98a1f', '#b3341f', '#34597c', '#6f8f3a']
const INK = '#57605d'
const LINE = '#ded6c6'

function ring(series: Series, labels: string[]): EChartsCoreOption {
  return {
    color: ['#0f6262', '#e6dfcf', ...COLOURS.slice(1)],
    tooltip: { trigger: 'item' },
    series: [{
      type: 'pie', radius: ['62%', '88%'], label: { show: false }, itemStyle: { borderColor: '#fffefb', borderWidth: 2 },
      data: labels.map((name, i) => ({ name, value: series.values[i] ?? 0 })),
    }],
  }
}

/** The ECharts option for a kind of chart, in the colours of the house. */
export function chartOption(kind: ChartKind, labels: string[], series: Series[], font: string, still: boolean): EChartsCoreOption {
  const base = { textStyle: { fontFamily: font, fontSize: 13, color: INK }, animation: !still, animationDuration: 300 }
  const only = series[0]
  if (kind === 'ring' && only) return { ...base, ...ring(only, labels) }
  return {
    ...base,
    color: COLOURS,
    tooltip: { trigger: 'axis' },
    legend: series.length > 1 ? { top: 0, textStyle: { color: INK } } : undefined,
    grid: { left: 8, right: 12, top: series.length > 1 ? 36 : 14, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: labels, axisLine: { lineStyle: { color: LINE } }, axisTick: { show: false }, axisLabel: { color: INK, fontSize: 13, hideOverlap: true } },
    yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: LINE, type: 'dashed' } }, axisLabel: { color: INK, fontSize: 13 } },
    series: series.map((s) => ({ name: s.name, type: kind, data: s.values, barMaxWidth: 26, itemStyle: { borderRadius: kind === 'bar' ? [3, 3, 0, 0] : 0 }, showSymbol: false, lineStyle: { width: 2.5 } })),
  }
}
