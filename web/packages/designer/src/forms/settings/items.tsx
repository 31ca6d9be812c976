import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech, type TextKey } from "@lowcode/kit";
import { Button } from "antd";
import type { ReactNode } from "react";
import { Fold } from "../../controls";
import { findingsOf, useDesign } from "../../design";
import { isNode, same, type Json, type Node, type Path } from "../../tree";
import { listOf } from "./parts";

interface Props {
  /** The list of the document. */
  list: string;
  title: TextKey;
  hint: TextKey;
  /** What the button says that puts a new one in. */
  adding: TextKey;
  /** What a new one says; null where there is nothing it could speak of. */
  begin: Json | null;
  /** What to do first where nothing can be added. */
  lacking?: TextKey;
  called: (item: Node, index: number) => string;
  children: (item: Node, path: Path) => ReactNode;
}

/** A list of a form, item by item: what is chosen, new or wrong is open. */
export function Items({ list, title, hint, adding, begin, lacking, called, children }: Props) {
  const { document, chosen, add, shift, drop } = useDesign();
  const design = useDesign();
  const { t } = useSpeech();
  const items = listOf(document, list);
  return (
    <section className="lc-form-items-of" aria-label={t(title)}>
      <h2>{t(title)}</h2>
      <p className="lc-quiet">{t(hint)}</p>
      {items.map((item, index) => {
        if (!isNode(item)) return null;
        const path: Path = [list, index];
        const name = called(item, index) || t("designNumbered", { number: index + 1 });
        const wrong = findingsOf(design, path);
        return (
          <Fold
            key={index}
            open={wrong.length > 0 || (chosen !== null && same(chosen, path))}
            title={name}
            deeds={
              <>
                <Button size="small" type="text" icon={<ArrowUpOutlined />} disabled={index === 0} aria-label={t("designUp", { name })} onClick={() => shift(path, [list], index - 1)} />
                <Button size="small" type="text" icon={<ArrowDownOutlined />} disabled={index === items.length - 1} aria-label={t("designDown", { name })} onClick={() => shift(path, [list], index + 2)} />
                <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name })} onClick={() => drop(path)} />
              </>
            }
          >
            {wrong.length > 0 && <ul className="lc-design-findings">{wrong.map((each, place) => <li key={place} className="lc-design-wrong">{each.message} {each.hint}</li>)}</ul>}
            {children(item, path)}
          </Fold>
        );
      })}
      {begin === null && lacking ? <p className="lc-quiet">{t(lacking)}</p> : <Button icon={<PlusOutlined />} onClick={() => isNode(begin) && add([list], items.length, begin)}>{t(adding)}</Button>}
    </section>
  );
}
