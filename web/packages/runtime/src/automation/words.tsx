import { useSpeech } from "@lowcode/kit";
import type { ScenarioWord } from "@lowcode/protocol";
import { Select } from "antd";
import { useRuntime } from "../runtime";

interface Props {
  words: ScenarioWord[];
  given: Record<string, string>;
  give: (names: Record<string, string>) => void;
}

/** What this app calls the words of a scenario: those it lacks or calls otherwise in sight, the others at hand. */
export function Words({ words, given, give }: Props) {
  const { t } = useSpeech();
  const other = words.filter((each) => !each.same || each.word in given);
  const same = words.filter((each) => !other.includes(each));
  if (words.length === 0) return null;
  const row = (each: ScenarioWord) => <Row key={each.word} word={each} choose={(name) => give({ ...given, [each.word]: name })} />;
  return (
    <section className="lc-scenario-words">
      <h3>{t("scenarioWords")}</h3>
      {other.length > 0 && <p className="lc-quiet">{t("scenarioWordsHint")}</p>}
      {other.map(row)}
      {same.length > 0 && (
        <details>
          <summary>{t("scenarioWordsSame", { count: same.length })}</summary>
          {same.map(row)}
        </details>
      )}
    </section>
  );
}

function Row({ word, choose }: { word: ScenarioWord; choose: (name: string) => void }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  const title = w(word.title) || word.word;
  const bare = (name: string) => name.replaceAll('"', "");
  const options = word.candidates.map((each) => ({ value: each.name, label: w(each.title) === bare(each.name) || !w(each.title) ? bare(each.name) : `${w(each.title)} (${bare(each.name)})` }));
  if (word.name !== null && !options.some((each) => each.value === word.name)) options.unshift({ value: word.name, label: bare(word.name) });
  const of = word.form && w(app.forms[word.form]?.title);
  return (
    <label className="lc-parameter">
      <span>{title} <code>{bare(word.word)}</code>{of && <span className="lc-quiet"> · {of}</span>}</span>
      <Select showSearch optionFilterProp="label" aria-label={title} placeholder={t("scenarioWordChoose")} status={word.name === null ? "error" : ""} value={word.name ?? undefined} options={options} onChange={choose} />
    </label>
  );
}
