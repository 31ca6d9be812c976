import { COLORS, SERIES, shades, type Speech } from "@lowcode/kit";
import type { Chart, Column, Result } from "@lowcode/protocol";
import { at, cellText, dimensionsOf, measuresOf, numberText, shortText } from "./cells";
import type { Drawing } from "./echarts";

export interface Drawn {
  option: Drawing;
  /** The row that a mark stands for. */
  rowOf: (mark: { dataIndex: number; seriesIndex?: number }) => unknown[] | undefined;
}

const AXIS = { axisLine: { lineStyle: { color: COLORS.line } }, axisTick: { show: false }, axisLabel: { color: COLORS.quiet, fontSize: 12 } };

/** A result as a chart. */
export function draw(result: Result, chart: Chart, speech: Speech, currency: string | undefined): Drawn {
  const x = result.columns[at(result, chart.x ?? "")] ?? dimensionsOf(result)[0];
  const named = (chart.y ?? []).map((name) => result.columns[at(result, name)]).filter((each): each is Column => each !== undefined);
  const measures = named.length > 0 ? named : measuresOf(result).slice(0, 1);
  if (!x || measures.length === 0) return { option: {}, rowOf: () => undefined };
  if (chart.type === "pie") return pie(result, x, measures[0]!, speech, currency);
  if (chart.type === "funnel") return funnel(result, x, measures[0]!, speech, currency);
  return axes(result, chart, x, measures, speech, currency);
}

function colorOf(column: Column, value: unknown): string | undefined {
  const color = column.options?.find((each) => each.name === value)?.color;
  return color ? shades(color).solid : undefined;
}

function pie(result: Result, x: Column, y: Column, speech: Speech, currency: string | undefined): Drawn {
  const rows = result.rows.filter((row) => Number(row[at(result, y.name)] ?? 0) > 0);
  const data = rows.map((row, index) => {
    const value = row[at(result, x.name)];
    return { name: cellText(x, value, speech, currency), value: Number(row[at(result, y.name)]), itemStyle: { color: colorOf(x, value) ?? SERIES[index % SERIES.length] } };
  });
  const text = ({ dataIndex }: { dataIndex: number }) => (rows[dataIndex] ? `${data[dataIndex]!.name}  ${numberText(y, rows[dataIndex]![at(result, y.name)] as string, currency)}` : "");
  const option: Drawing = {
    tooltip: { trigger: "item", formatter: text, confine: true },
    legend: { type: "scroll", orient: "vertical", right: 0, top: "middle", icon: "circle", itemWidth: 8, itemHeight: 8, textStyle: { color: COLORS.text } },
    series: [{ type: "pie", radius: ["48%", "74%"], center: ["34%", "50%"], label: { show: false }, itemStyle: { borderColor: "#fff", borderWidth: 2 }, data, cursor: "pointer" }],
  };
  return { option, rowOf: ({ dataIndex }) => rows[dataIndex] };
}

/** Steps as bars about one middle: their widths can be compared, whether or not each is smaller than the one before. */
function funnel(result: Result, x: Column, y: Column, speech: Speech, currency: string | undefined): Drawn {
  const rows = result.rows;
  const values = rows.map((row) => Number(row[at(result, y.name)] ?? 0));
  const most = Math.max(0, ...values);
  const names = rows.map((row) => cellText(x, row[at(result, x.name)], speech, currency));
  const exact = (index: number) => numberText(y, (rows[index]?.[at(result, y.name)] ?? 0) as string, currency);
  const option: Drawing = {
    tooltip: { trigger: "item", confine: true, formatter: ({ dataIndex }: { dataIndex: number }) => `${names[dataIndex] ?? ""}  ${exact(dataIndex)}` },
    grid: { left: 4, right: 4, top: 4, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: { type: "value", show: false, max: most, min: 0 },
    yAxis: [
      { type: "category", data: names, inverse: true, ...AXIS, axisLine: { show: false }, axisLabel: { color: COLORS.text, fontSize: 12 } },
      { type: "category", data: values.map((value) => shortText(y, value, speech, currency)), inverse: true, position: "right", ...AXIS, axisLine: { show: false }, axisLabel: { color: COLORS.text, fontSize: 12, fontWeight: 600 } },
    ],
    series: [
      { type: "bar", stack: "funnel", silent: true, data: values.map((value) => (most - value) / 2), itemStyle: { color: "transparent" }, barCategoryGap: "14%" },
      {
        type: "bar",
        stack: "funnel",
        cursor: "pointer",
        barMinHeight: 3,
        data: values.map((value, index) => ({ value, itemStyle: { color: colorOf(x, rows[index]![at(result, x.name)]) ?? SERIES[index % SERIES.length], borderRadius: 4 } })),
      },
    ],
  };
  return { option, rowOf: ({ dataIndex, seriesIndex }) => (seriesIndex === 0 ? undefined : rows[dataIndex]) };
}

function axes(result: Result, chart: Chart, x: Column, measures: Column[], speech: Speech, currency: string | undefined): Drawn {
  const groups = groupsOf(result, chart, x, measures, speech, currency);
  const horizontal = chart.type === "bar" && (chart.horizontal ?? false);
  const first = measures[0]!;
  const categories = { type: "category", data: groups.names, ...AXIS, inverse: horizontal, axisLabel: { ...AXIS.axisLabel, hideOverlap: true, width: horizontal ? 96 : undefined, overflow: "truncate" } };
  const values = { type: "value", ...AXIS, axisLine: { show: false }, splitLine: { lineStyle: { color: "#eef0f3" } }, splitNumber: 4, axisLabel: { ...AXIS.axisLabel, formatter: (value: number) => shortText(first, value, speech, currency) } };
  const many = groups.series.length > 1;
  const option: Drawing = {
    tooltip: { trigger: "axis", axisPointer: { type: chart.type === "bar" ? "shadow" : "line" }, confine: true, valueFormatter: (value: unknown) => (value == null ? "—" : numberText(first, value as number, currency)) },
    legend: many ? { type: "scroll", top: 0, left: 0, icon: "circle", itemWidth: 8, itemHeight: 8, textStyle: { color: COLORS.text } } : undefined,
    grid: { left: 4, right: 16, top: many ? 32 : 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    xAxis: horizontal ? values : categories,
    yAxis: horizontal ? categories : values,
    series: groups.series.map((each, index) => ({
      name: each.name,
      type: chart.type === "line" ? "line" : "bar",
      stack: chart.stacked ? "all" : undefined,
      data: each.values,
      cursor: "pointer",
      barMaxWidth: 36,
      symbolSize: 7,
      triggerLineEvent: true,
      itemStyle: { color: each.color ?? SERIES[index % SERIES.length], borderRadius: chart.type === "bar" && !chart.stacked ? (horizontal ? [0, 3, 3, 0] : [3, 3, 0, 0]) : 0 },
    })),
  };
  return { option, rowOf: ({ dataIndex, seriesIndex }) => groups.rows[seriesIndex ?? 0]?.[dataIndex] };
}

interface Groups {
  names: string[];
  series: { name: string; values: (number | null | object)[]; color?: string }[];
  rows: (unknown[] | undefined)[][];
}

function groupsOf(result: Result, chart: Chart, x: Column, measures: Column[], speech: Speech, currency: string | undefined): Groups {
  const by = chart.series ? result.columns[at(result, chart.series)] : undefined;
  const xs = at(result, x.name);
  const words = (column: Column, value: unknown) => cellText(column, value, speech, currency);
  const number = (value: unknown) => (value == null ? null : Number(value));
  if (!by) {
    const names = result.rows.map((row) => words(x, row[xs]));
    const series = measures.map((measure) => ({
      name: speech.w(measure.title) || measure.name,
      values: result.rows.map((row) => {
        const color = measures.length === 1 && chart.type === "bar" ? colorOf(x, row[xs]) : undefined;
        const value = number(row[at(result, measure.name)]);
        return color ? { value, itemStyle: { color } } : value;
      }),
    }));
    return { names, series, rows: measures.map(() => result.rows) };
  }
  const bys = at(result, by.name);
  const names = [...new Set(result.rows.map((row) => words(x, row[xs])))];
  const place = (value: unknown) => by.options?.findIndex((option) => option.name === value) ?? -1;
  const found = [...new Set(result.rows.map((row) => row[bys]))];
  const keys = [...new Set((by.options ? found.sort((one, other) => place(one) - place(other)) : found).map((value) => words(by, value)))];
  const measure = at(result, measures[0]!.name);
  const rows = keys.map((key) => names.map((name) => result.rows.find((row) => words(x, row[xs]) === name && words(by, row[bys]) === key)));
  const series = keys.map((key, index) => ({ name: key, values: rows[index]!.map((row) => (row ? number(row[measure]) : 0)), color: colorOf(by, rows[index]!.find(Boolean)?.[bys]) }));
  return { names, series, rows };
}
