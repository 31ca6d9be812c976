import { Badge, Failure, Nothing, useSpeech, Waiting, type TextKey } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Switch } from "antd";
import { useState } from "react";
import { Packages } from "./packages";

const COUNTED = ["forms", "flows", "rules", "reports", "boards", "printing", "api"] as const;

/** How many documents of each sort. */
export type Counts = Partial<Record<(typeof COUNTED)[number], number>>;

interface PartOfApp {
  name: string;
  title: Text;
  description: Text;
  enabled: boolean;
  needs: string[];
  needed_by: string[];
  counts: Counts;
  package: string | null;
}

interface Switched {
  base: string;
  documents: Record<string, unknown>;
  switched: Record<string, boolean>;
}

/** What a part or a package holds, counted. */
export function Counted({ counts }: { counts: Counts }) {
  const { t } = useSpeech();
  return <span className="lc-quiet">{COUNTED.filter((each) => counts[each]).map((each) => t(`packageCount_${each}` as TextKey, { count: counts[each]! })).join(" · ")}</span>;
}

/** The parts of an app, each with a switch; and the packages that can be put into it. */
export default function PartsPage() {
  const { client, session } = useRuntime();
  const { t } = useSpeech();
  const may = session.actor.administrator === true;
  const found = useQuery({ queryKey: ["design", "parts"], queryFn: () => client.run<{ items: PartOfApp[] }>("app.parts", {}), enabled: may, staleTime: 0 });
  if (!may) return <Nothing page title={t("forbidden")} hint={t("forbiddenHint")} />;
  if (found.error) return <Failure page error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title"><h1>{t("designParts")}</h1></div>
        <p className="lc-quiet">{t("partsHint")}</p>
      </header>
      <section aria-labelledby="lc-parts">
        <h2 id="lc-parts" className="lc-section-title">{t("partsOfApp")}</h2>
        {found.data.items.length === 0 ? <p className="lc-quiet">{t("partsNone")}</p> : <PartsList items={found.data.items} />}
      </section>
      <Packages />
    </div>
  );
}

function PartsList({ items }: { items: PartOfApp[] }) {
  const { client } = useRuntime();
  const { t, w } = useSpeech();
  const [wish, setWish] = useState<{ part: PartOfApp; made: Switched }>();
  const titles = new Map(items.map((each) => [each.name, w(each.title) || each.name]));
  const called = (names: string[]): string => names.map((each) => titles.get(each) ?? each).join(" · ");
  const prepare = useMutation({
    mutationFn: async (part: PartOfApp) => ({ part, made: await client.run<Switched>("app.switch_parts", part.enabled ? { off: [part.name] } : { on: [part.name] }) }),
    onSuccess: setWish,
  });
  return (
    <>
      {prepare.error && <Failure small error={prepare.error} />}
      <ul className="lc-sheet lc-app-parts">
        {items.map((each) => (
          <li key={each.name}>
            <span className="lc-app-part">
              <strong>{titles.get(each.name)} {!each.enabled && <Badge color="gray">{t("partOff")}</Badge>}</strong>
              {w(each.description) && <span>{w(each.description)}</span>}
              <Counted counts={each.counts} />
              {each.needs.length > 0 && <span className="lc-quiet">{t("partNeeds", { names: called(each.needs) })}</span>}
              {each.enabled && each.needed_by.length > 0 && <span className="lc-quiet">{t("partNeededBy", { names: called(each.needed_by) })}</span>}
            </span>
            <Switch checked={each.enabled} loading={prepare.isPending && prepare.variables?.name === each.name} aria-label={t(each.enabled ? "partSwitchOff" : "partSwitchOn", { name: titles.get(each.name)! })} onChange={() => prepare.mutate(each)} />
          </li>
        ))}
      </ul>
      {wish && (
        <Publishing
          title={t(wish.part.enabled ? "partSwitchOff" : "partSwitchOn", { name: titles.get(wish.part.name)! })}
          label={t(wish.part.enabled ? "partTurnOff" : "partTurnOn")}
          danger={wish.part.enabled}
          look={{ operation: "app.plan", values: { base: wish.made.base, documents: wish.made.documents } }}
          act={{ operation: "app.publish", values: { base: wish.made.base, documents: wish.made.documents } }}
          close={() => setWish(undefined)}
          done={() => setWish(undefined)}
        />
      )}
    </>
  );
}
