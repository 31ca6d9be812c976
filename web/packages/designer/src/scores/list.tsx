import { Failure, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Button, List } from "antd";
import { useState } from "react";
import { Begin, type Wish } from "../begin";
import type { Json, Node } from "../tree";

interface CardLine {
  card: string;
  title: Text;
  form: string;
  field: string;
  parts: number;
  bands: { name: string; title: Text }[];
  learned: boolean;
}

/** The score cards of the app, what each scores, and a new one. */
export function ScoresList() {
  const { client, app } = useRuntime();
  const { t, w } = useSpeech();
  const [beginning, setBeginning] = useState(false);
  const found = useQuery({ queryKey: ["scores"], queryFn: () => client.run<{ items: CardLine[] }>("rules.scores", {}), staleTime: 0 });
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const cards = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const begin = <Button type="primary" onClick={() => setBeginning(true)}>{t("scoreNew")}</Button>;
  const fieldOf = (each: CardLine) => w(app.forms[each.form]?.fields.find((one) => one.name === each.field)?.title) || each.field;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("designScores")}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{t("designScoresHint")}</p>
      </header>
      {cards.length === 0 ? <Nothing title={t("scoresNone")} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={cards}
          renderItem={(each) => (
            <List.Item actions={[<Button key="design" size="small" href={link(["scores", each.card])} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta
                title={w(each.title) || each.card}
                description={<><code>{each.card}</code> · {w(app.forms[each.form]?.title) || each.form} → {fieldOf(each)} · {t("scoreParts", { count: each.parts })}{each.bands.length > 0 && ` · ${each.bands.map((one) => w(one.title)).join(" / ")}`}{each.learned && <> · <a href={link(["automation", "models"])}>{t("sort_learned")}</a></>}</>}
              />
            </List.Item>
          )}
        />
      )}
      {beginning && <BeginCard taken={cards.map((each) => each.card)} close={() => setBeginning(false)} />}
    </div>
  );
}

const SCORED = ["integer", "number", "percent"];

/** A new card gives points in a field; it begins with one part. */
function BeginCard({ taken, close }: { taken: string[]; close: () => void }) {
  const { app } = useRuntime();
  const { t } = useSpeech();
  const words = { what: t("scoreNew"), title: t("scoreTitle"), taken: t("scoreTaken"), field: t("scoreInto"), noField: t("scoreNoField") };
  const fieldsOf = (form?: string) => (app.forms[form ?? ""]?.fields ?? []).filter((each) => SCORED.includes(each.type));
  const made = ({ name, form, field }: Wish, title: Json): Node => ({ name, type: "score_card", title, form, field, attributes: [{ name: "part", title: { "zh-CN": "评分项", en: "Part" }, cases: [{ when: "true", points: 0 }] }] });
  return <Begin place="scores" words={words} taken={taken} fieldsOf={fieldsOf} made={made} close={close} />;
}
