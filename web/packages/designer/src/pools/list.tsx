import { link, useSpeech } from "@lowcode/kit";
import type { Pool } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Begin } from "../begin";
import { Listed } from "../listed";

/** The pools of the app: whose records lie in each, how many and within which limits, and a new one. */
export function PoolsList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const found = useQuery({ queryKey: ["pools"], queryFn: () => client.run<Pool[]>("rules.pools", {}) });
  const describe = (each: Pool) => (
    <>
      {w(app.forms[each.form]?.title) || each.form} · <a href={link(["pools", each.pool])}>{t("inPool", { count: each.records ? `${each.records.value}${each.records.capped ? "+" : ""}` : "0" })}</a>
      {each.per_day !== null && ` · ${t("poolPerDay", { count: each.per_day })}`}
      {each.holding !== null && ` · ${t("poolHolding", { count: each.holding })}`}
    </>
  );
  const words = { title: t("designPools"), hint: t("designPoolsHint"), none: t("poolsNoneYet"), begin: t("poolNew") };
  const asked = { what: t("poolNew"), title: t("poolTitle"), taken: t("poolTaken") };
  const listed = { error: found.error, refetch: found.refetch, ...(found.data ? { data: { items: found.data } } : {}) };
  return <Listed place="pools/design" words={words} found={listed} nameOf={(each) => each.pool} describe={describe} beginning={(taken, close) => <Begin place="pools/design" words={asked} taken={taken} close={close} />} />;
}
