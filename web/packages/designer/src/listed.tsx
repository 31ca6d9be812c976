import { Failure, link, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { Button, Input, List } from "antd";
import { useState, type ReactNode } from "react";
import { placed } from "./named";

/** The words about the documents of one sort. */
interface Words {
  title: string;
  hint: string;
  none: string;
  begin: string;
}

interface Props<Line extends { title: Text }> {
  place: string;
  words: Words;
  found: { data?: { items: Line[] }; error: unknown; refetch: () => unknown };
  nameOf: (line: Line) => string;
  describe: (line: Line) => ReactNode;
  /** The window in which a new one begins. */
  beginning: (taken: string[], close: () => void) => ReactNode;
  /** Whether one is begun at once. */
  begins?: boolean;
  /** Where there is no room to design on: what there is can be seen. */
  fixed?: boolean;
}

/** So many are seen at once; among more, one is looked for. */
const MANY = 10;

/** The way back to all designers. */
export function ToDesign() {
  const { t } = useSpeech();
  return (
    <nav aria-label={t("back")} className="lc-crumb">
      <a href={link(["design"])}>{t("design")}</a>
    </nav>
  );
}

/** The documents of one sort: what each is about, its designer at `place`, and a new one. */
export function Listed<Line extends { title: Text }>({ place, words, found, nameOf, describe, beginning, begins = false, fixed = false }: Props<Line>) {
  const { t, w } = useSpeech();
  const [begun, setBegun] = useState(begins);
  const [sought, setSought] = useState("");
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const lines = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const matching = lines.filter((each) => `${w(each.title)} ${nameOf(each)}`.toLowerCase().includes(sought.trim().toLowerCase()));
  const begin = !fixed && <Button type="primary" onClick={() => setBegun(true)}>{words.begin}</Button>;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <ToDesign />
        <div className="lc-head-title">
          <h1>{words.title}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{words.hint}</p>
      </header>
      {lines.length > MANY && <Input.Search className="lc-designs-search" allowClear value={sought} placeholder={t("searchIn", { name: words.title })} aria-label={t("searchIn", { name: words.title })} onChange={(event) => setSought(event.target.value)} />}
      {lines.length === 0 ? <Nothing title={words.none} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={matching}
          locale={{ emptyText: <Nothing small title={t("none")} /> }}
          renderItem={(each) => (
            <List.Item actions={fixed ? [] : [<Button key="design" size="small" href={placed(place, nameOf(each))} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta title={fixed ? w(each.title) || nameOf(each) : <a href={placed(place, nameOf(each))}>{w(each.title) || nameOf(each)}</a>} description={<><code>{nameOf(each)}</code> · {describe(each)}</>} />
            </List.Item>
          )}
        />
      )}
      {begun && beginning(lines.map(nameOf), () => setBegun(false))}
    </div>
  );
}
