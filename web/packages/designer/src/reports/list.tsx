import { link, usePlace, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Listed } from "../listed";
import { isNode, type Node } from "../tree";
import type { Documents } from "../work";
import { BeginReport, PLACE } from "./begin";
import { TYPES } from "./page";

interface Line {
  title: Text;
  name: string;
  type: string;
  about: string;
}

const lineOf = (name: string, written: Node): Line => ({ name, title: (written["title"] ?? name) as Text, type: String(written["type"]), about: String(written["form"] ?? written["dataset"] ?? "") });

/** Everything in the folder of reports that is designed here. */
function linesOf(documents: Documents): Line[] {
  return Object.entries(documents).flatMap(([path, text]) => {
    const name = /^reports\/(.+)\.json$/.exec(path)?.[1];
    const written: unknown = name === undefined ? null : JSON.parse(text);
    return name !== undefined && isNode(written) && TYPES.includes(String(written["type"])) ? [lineOf(name, written)] : [];
  });
}

/** The reports, datasets and funnels of the app, and a new one. */
export function ReportsList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const { query } = usePlace();
  const found = useQuery({ queryKey: ["design", "reports"], queryFn: () => client.run<{ documents: Documents }>("app.documents", {}), gcTime: 0 });
  /** A form, a dataset, or the lines or history of a form. */
  const called = (about: string) => {
    const [form = "", field = ""] = about.split(".");
    const part = w(app.forms[form]?.fields.find((each) => each.name === field)?.title) || field;
    return [w(app.forms[form]?.title) || w(app.datasets?.[form]?.title) || form, part].filter(Boolean).join(" · ");
  };
  const describe = (each: Line) => (
    <>
      {t(`reportKind_${each.type as "report"}`)} · {called(each.about)} · <a href={link([each.type === "dataset" ? "explore" : "report", each.name])}>{t("reportShow")}</a>
    </>
  );
  const words = { title: t("designReports"), hint: t("designReportsHint"), none: t("reportsNoneYet"), begin: t("reportNew") };
  const listed = { error: found.error, refetch: found.refetch, ...(found.data ? { data: { items: linesOf(found.data.documents) } } : {}) };
  return <Listed place={PLACE} words={words} found={listed} nameOf={(each) => each.name} describe={describe} begins={query.get("dataset") !== null || query.get("from") !== null || query.get("new") !== null} beginning={(_, close) => <BeginReport taken={found.data ? Object.keys(found.data.documents).flatMap((path) => /^reports\/(.+)\.json$/.exec(path)?.[1] ?? []) : []} close={close} />} />;
}
