import { PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { AutoComplete, Button, Dropdown, Input } from "antd";
import { useRef } from "react";
import { useDesign, type Offer } from "./design";
import { rowsAt } from "./schema";
import type { Path } from "./tree";

interface Word {
  text: string;
  title: string;
  note: string;
}

/** What may stand in an expression at a place: fields of the record or of its row, functions, and the paper's own names. */
function useWords(path: Path): { groups: { title: string; words: Word[] }[]; all: Word[] } {
  const { document, offers, palette } = useDesign();
  const { w, t } = useSpeech();
  const rows = rowsAt(document, path);
  const word = (each: Offer, cut = ""): Word => ({ text: each.path.startsWith(cut) ? each.path.slice(cut.length) : each.path, title: w(each.title), note: each.type ?? "" });
  const functions = palette.functions.map((each) => ({ text: `${each.name}(`, title: each.signature, note: each.summary }));
  const own = palette.variables.map((each) => word(each));
  const row = rows === null ? undefined : offers.rows.find((each) => each.path === rows);
  const groups = row
    ? [
        { title: w(row.title), words: [...(row.items ?? []).map((each) => word(each, `${rows}.`)), { text: "line", title: t("designLineNumber"), note: "" }] },
        ...(row.linked ?? []).map((each) => ({ title: w(each.title), words: (each.items ?? []).map((item) => word(item, `${rows}.`)) })),
      ]
    : [
        { title: t("templateFields"), words: offers.own.map((each) => word(each)) },
        ...offers.linked.map((each) => ({ title: w(each.title), words: (each.items ?? []).map((item) => word(item)) })),
        { title: t("designRows"), words: offers.rows.map((each) => word(each)) },
      ];
  return { groups: [...groups, { title: t("designOwnNames"), words: own }], all: [...groups.flatMap((each) => each.words), ...(row ? [] : offers.rows.flatMap((each) => (each.items ?? []).map((item) => word(item)))), ...functions, ...own] };
}

/** The word that is being typed before the caret; in words for people only within `{{ … }}`. */
function typed(text: string, caret: number, mixed: boolean): { from: number; word: string } | null {
  const before = text.slice(0, caret);
  if (mixed) {
    const open = before.lastIndexOf("{{");
    if (open === -1 || before.indexOf("}}", open) !== -1) return null;
  }
  const found = /[\p{L}_][\p{L}\p{N}_.]*$/u.exec(before);
  return { from: found ? found.index : caret, word: found ? found[0] : "" };
}

interface Props {
  value: string;
  change: (value: string) => void;
  path: Path;
  label: string;
  /** Words for people with `{{ … }}` in them. */
  mixed?: boolean;
  wrong?: boolean;
}

/** An expression, or words with expressions in them: what is typed is completed by name and by title, and fields are
 * put in by a press. */
export function ExpressionInput({ value, change, path, label, mixed = false, wrong }: Props) {
  const { t } = useSpeech();
  const { groups, all } = useWords(path);
  const frame = useRef<HTMLDivElement>(null);
  const area = () => frame.current?.querySelector("textarea") ?? null;
  const caret = () => area()?.selectionStart ?? value.length;
  const replace = (text: string, from: number, to: number) => {
    change(value.slice(0, from) + text + value.slice(to));
    const place = from + text.length;
    requestAnimationFrame(() => {
      const found = area();
      found?.focus();
      found?.setSelectionRange(place, place);
    });
  };
  const now = typed(value, caret(), mixed);
  const wanted = now?.word.toLowerCase() ?? "";
  const fitting = !now || (mixed === false && wanted === "" && value !== "") ? [] : all.filter((each) => each.text.toLowerCase() !== wanted && (each.text.toLowerCase().includes(wanted) || each.title.toLowerCase().includes(wanted))).slice(0, 30);
  const put = (text: string) => {
    const place = caret();
    const inside = mixed && typed(value, place, true) !== null;
    replace(mixed && !inside ? `{{ ${text} }}` : text, place, area()?.selectionEnd ?? place);
  };
  return (
    <div className="lc-design-expression" ref={frame}>
      <AutoComplete
        value={value}
        options={fitting.map((each) => ({ value: each.text, label: <span className="lc-design-word"><code>{each.text}</code> <span className="lc-quiet">{each.title !== each.text && each.title} {each.note}</span></span> }))}
        onChange={(next: string) => change(next)}
        onSelect={(text: string) => {
          const place = typed(value, caret(), mixed);
          if (place) replace(text, place.from, place.from + place.word.length);
        }}
        popupMatchSelectWidth={320}
        status={wrong ? "error" : undefined}
        style={{ width: "100%" }}
      >
        <Input.TextArea aria-label={label} aria-invalid={wrong} status={wrong ? "error" : undefined} autoSize={{ minRows: 1, maxRows: 8 }} className={mixed ? undefined : "lc-design-code"} spellCheck={mixed} />
      </AutoComplete>
      <Dropdown autoFocus trigger={["click"]} menu={{ className: "lc-design-fields", items: groups.filter((each) => each.words.length > 0).map((group, at) => ({ key: `${at}`, label: group.title, children: group.words.map((each) => ({ key: `${at}/${each.text}`, label: <>{each.title || each.text} <code className="lc-quiet">{each.text}</code></>, onClick: () => put(each.text) })) })) }}>
        <Button size="small" type="text" icon={<PlusOutlined />} aria-label={t("designPutField", { name: label })} title={t("designPutFieldShort")} />
      </Dropdown>
    </div>
  );
}
