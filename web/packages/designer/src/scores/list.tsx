import { link, useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useQuery } from "@tanstack/react-query";
import { Begin, type Wish } from "../begin";
import { Listed } from "../listed";
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
  const found = useQuery({ queryKey: ["scores"], queryFn: () => client.run<{ items: CardLine[] }>("rules.scores", {}), staleTime: 0 });
  const fieldOf = (each: CardLine) => w(app.forms[each.form]?.fields.find((one) => one.name === each.field)?.title) || each.field;
  const describe = (each: CardLine) => (
    <>
      {w(app.forms[each.form]?.title) || each.form} → {fieldOf(each)} · {t("scoreParts", { count: each.parts })}
      {each.bands.length > 0 && ` · ${each.bands.map((one) => w(one.title)).join(" / ")}`}
      {each.learned && <> · <a href={link(["automation", "models"])}>{t("sort_learned")}</a></>}
    </>
  );
  const words = { title: t("designScores"), hint: t("designScoresHint"), none: t("scoresNone"), begin: t("scoreNew") };
  return <Listed place="scores" words={words} found={found} nameOf={(each) => each.card} describe={describe} beginning={(taken, close) => <BeginCard taken={taken} close={close} />} />;
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
