import { Failure, Sketch, useSpeech } from "@lowcode/kit";
import type { Key, Result } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState, type ReactNode } from "react";
import { useRuntime } from "../runtime";
import { cellOf, cellText, dimensionsOf } from "./cells";

/** One level down a hierarchy: the dimension of the report, and the value that was pressed. */
interface Step {
  dimension: string;
  value: unknown;
  label: string;
}

export interface Descent {
  /** The report where somebody has come to. */
  result: Result;
  /** The values chosen on the way, as the server takes them. */
  path: Record<string, unknown[]>;
  /** Goes on to the next level; false where there is none, and the records come next. */
  down: (key: Key) => boolean;
  /** The way that was taken, and back up; nothing at the top. */
  trail: ReactNode;
  /** What stands in place of the report while it is asked for or when it was refused. */
  instead: ReactNode;
}

/** What asks for a report further down; left out, the one that is published is. */
export interface Asking {
  operation: string;
  values: Record<string, unknown>;
}

/** Follows a report down the levels of its hierarchies, and back. */
export function useDescent(top: Result, filters: Record<string, unknown> | undefined, asking?: Asking): Descent {
  const { client, app } = useRuntime();
  const speech = useSpeech();
  const { t, locale } = speech;
  const [steps, setSteps] = useState<Step[]>([]);
  const path: Record<string, unknown[]> = {};
  for (const { dimension, value } of steps) (path[dimension] ??= []).push(value);
  const asked = asking ? { ...asking.values, path } : { report: top.report, filters, path };
  const below = useQuery({ queryKey: ["records", "report", locale, "below", asked], queryFn: () => client.run<Result>(asking?.operation ?? "reports.run", asked), enabled: steps.length > 0 });
  const result = steps.length > 0 && below.data ? below.data : top;
  const down = (key: Key): boolean => {
    if (top.drill === false) return false;
    const shown = dimensionsOf(result);
    for (const [index, { name }] of dimensionsOf(top).entries()) {
      const levels = (top.hierarchies ?? []).find((each) => each.dimension === name)?.levels.length ?? 0;
      const column = shown[index];
      const value = column && key[column.name];
      if (!column || value == null || (path[name]?.length ?? 0) + 1 >= levels) continue;
      setSteps([...steps, { dimension: name, value, label: cellText(column, cellOf(result, column.name, value), speech, app.currency) }]);
      return true;
    }
    return false;
  };
  const trail = steps.length > 0 && (
    <nav className="lc-descent" aria-label={t("drillTrail")}>
      {[t("drillTop"), ...steps.map((each) => each.label)].map((label, index) =>
        index < steps.length ? (
          <Button key={index} type="link" size="small" onClick={() => setSteps(steps.slice(0, index))}>
            {label}
          </Button>
        ) : (
          <span key={index} aria-current="location">
            {label}
          </span>
        ),
      )}
    </nav>
  );
  const instead = steps.length > 0 && !below.data ? below.error ? <Failure small error={below.error} retry={() => void below.refetch()} /> : <Sketch rows={3} /> : null;
  return { result, path, down, trail, instead };
}
