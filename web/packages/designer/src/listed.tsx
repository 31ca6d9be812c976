import { Failure, Nothing, useSpeech, Waiting } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { Button, List } from "antd";
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
}

/** The documents of rules of one sort: what each is about, its designer at `place`, and a new one. */
export function Listed<Line extends { title: Text }>({ place, words, found, nameOf, describe, beginning, begins = false }: Props<Line>) {
  const { t, w } = useSpeech();
  const [begun, setBegun] = useState(begins);
  if (found.error) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (!found.data) return <Waiting />;
  const lines = [...found.data.items].sort((one, other) => w(one.title).localeCompare(w(other.title)));
  const begin = <Button type="primary" onClick={() => setBegun(true)}>{words.begin}</Button>;
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{words.title}</h1>
          <span className="lc-grow" />
          {begin}
        </div>
        <p className="lc-quiet">{words.hint}</p>
      </header>
      {lines.length === 0 ? <Nothing title={words.none} action={begin} /> : (
        <List
          className="lc-sheet lc-design-forms"
          dataSource={lines}
          renderItem={(each) => (
            <List.Item actions={[<Button key="design" size="small" href={placed(place, nameOf(each))} aria-label={`${t("design")} ${w(each.title)}`}>{t("design")}</Button>]}>
              <List.Item.Meta title={w(each.title) || nameOf(each)} description={<><code>{nameOf(each)}</code> · {describe(each)}</>} />
            </List.Item>
          )}
        />
      )}
      {begun && beginning(lines.map(nameOf), () => setBegun(false))}
    </div>
  );
}
