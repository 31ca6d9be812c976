import { Failure, useSpeech } from "@lowcode/kit";
import type { Drill, Result } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { manyOf, usual } from "../fields";
import { ShortList } from "../grid/short";
import { useRuntime } from "../runtime";

/** The records that a single figure was worked out from, under it; nothing where they are not shown to this person. */
export function Behind({ result }: { result: Result }) {
  const { client, app } = useRuntime();
  const { t, w, locale } = useSpeech();
  const query = useQuery({
    queryKey: ["records", "behind", locale, result.report],
    queryFn: () => client.run<Drill>("reports.run", { report: result.report, drill: {} }),
    enabled: result.drill !== false,
  });
  const form = query.data && app.forms[query.data.form];
  if (query.error) return <Failure small error={query.error} retry={() => void query.refetch()} />;
  if (!query.data || !form) return null;
  const { columns, where, title } = query.data;
  return (
    <div className="lc-behind">
      <h2 className="lc-section-title">{t("behindFigure")}</h2>
      <ShortList form={form} title={w(manyOf(form))} whole={title || w(result.title)} where={where || "true"} columns={columns?.length ? columns : usual(form)} />
    </div>
  );
}
