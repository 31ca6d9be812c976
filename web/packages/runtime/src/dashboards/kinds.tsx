import type { ComponentType } from "react";
import { CohortView } from "./cohort";
import { Kpi } from "./kpi";
import { PivotView } from "./pivot";
import { Ranking } from "./ranking";
import type { View } from "./view";
import { Words } from "./words";

/** The kinds of charts that ECharts does not draw; a table needs no drawing and stands apart. */
export const COMPONENTS: Record<string, ComponentType<View>> = {
  kpi: Kpi,
  ranking: Ranking,
  word_cloud: Words,
  cohort: CohortView,
  pivot: PivotView,
};
