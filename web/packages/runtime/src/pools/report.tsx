import { Failure, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { Pool } from "@lowcode/protocol";
import { useQuery } from "@tanstack/react-query";
import { DatePicker } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { useRuntime } from "../runtime";

interface Report {
  moves: Record<string, number>;
  people: ({ user: number; name: string | null } & Record<string, unknown>)[];
}

/** Ways out of a pool, and into it, in the order they are told. */
const KINDS: Record<string, TextKey> = { claimed: "move_claimed", assigned: "move_assigned", transferred: "move_transferred", entered: "move_entered", returned: "move_returned", released: "move_released", reclaimed: "move_reclaimed", viewed: "move_viewed" };
const MONTH = 30;

/** What went into a pool and out of it, in all and by person; for its managers. */
export function PoolReport({ pool }: { pool: Pool }) {
  const { client, now } = useRuntime();
  const { t } = useSpeech();
  const [since, setSince] = useState(() => dayjs(now()).subtract(MONTH, "day"));
  const [until, setUntil] = useState(() => dayjs(now()));
  const asked = { pool: pool.pool, since: since.format("YYYY-MM-DD"), until: until.format("YYYY-MM-DD") };
  const found = useQuery({ queryKey: ["pools", "report", asked], queryFn: () => client.run<Report>("rules.pool_report", asked) });
  const kinds = Object.keys(KINDS).filter((kind) => (found.data?.moves[kind] ?? 0) > 0);
  return (
    <section className="lc-sheet lc-pool-report" aria-label={t("poolReport")}>
      <header className="lc-rule-head">
        <h2 className="lc-side-title">{t("poolReport")}</h2>
        <span className="lc-grow" />
        <DatePicker size="small" aria-label={t("backtestFrom")} allowClear={false} value={since} onChange={(value) => value && setSince(value)} />
        <DatePicker size="small" aria-label={t("backtestTo")} allowClear={false} value={until} onChange={(value) => value && setUntil(value)} />
      </header>
      {found.error ? <Failure small error={found.error} retry={() => void found.refetch()} /> : !found.data ? <Sketch rows={3} /> : kinds.length === 0 ? <p className="lc-quiet">{t("poolReportNone")}</p> : (
        <div className="lc-result lc-panel" tabIndex={0} role="group" aria-label={t("poolReport")}>
          <table className="lc-plain">
            <thead><tr><th scope="col">{t("poolPerson")}</th>{kinds.map((kind) => <th key={kind} scope="col" className="lc-right">{t(KINDS[kind]!)}</th>)}</tr></thead>
            <tbody>
              {[...found.data.people].sort((one, other) => Number(other["claimed"] ?? 0) - Number(one["claimed"] ?? 0)).map((each) => (
                <tr key={each.user}><th scope="row">{each.name ?? `#${each.user}`}</th>{kinds.map((kind) => <td key={kind} className="lc-right">{Number(each[kind] ?? 0) || "–"}</td>)}</tr>
              ))}
            </tbody>
            <tfoot><tr><th scope="row">{t("poolAll")}</th>{kinds.map((kind) => <td key={kind} className="lc-right">{found.data.moves[kind]}</td>)}</tr></tfoot>
          </table>
        </div>
      )}
    </section>
  );
}
