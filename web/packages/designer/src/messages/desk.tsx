import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import { Button } from "antd";
import { Section } from "../connections/mapping";
import { Options } from "../controls";
import { useDesign } from "../design";
import { picked } from "../flows/schemas";
import type { Begun } from "../opened";
import { Wrong } from "../rules/about";
import { resolved } from "../schema";
import { at, isNode, type Path } from "../tree";
import { WordedDesk } from "../worded";
import type { MessagePalette } from "./page";
import { MessageTrying } from "./trying";

/** The desk of a message template: what it says, for which records it says something else, and how it reads. */
export function MessageDesk(begun: Begun<MessagePalette>) {
  return <WordedDesk {...begun} check="rules.check_message" back={{ place: "messages", words: "designMessages" }} kind="message" options={<MessageOptions groups={begun.palette.groups} />} trying={<MessageTrying />} />;
}

function MessageOptions({ groups }: { groups: MessagePalette["groups"] }) {
  const { document, palette, change } = useDesign();
  const { t, w } = useSpeech();
  const found = document["variants"];
  const variants = Array.isArray(found) ? found : [];
  const others = groups.filter((each) => JSON.stringify(each) !== JSON.stringify(document["group"] ?? ""));
  return (
    <>
      <Wrong path={[]} />
      <Options schema={picked(palette.schema, ["title", "form"])} path={[]} />
      <Section title={t("messageWords")} hint={t("messageWordsHint")}>
        <Options schema={picked(palette.schema, ["subject", "text"])} path={[]} />
      </Section>
      <Section title={t("messageOther")} hint={t("messageOtherHint")} at={["/variants"]}>
        {variants.map((_, place) => <Variant key={place} path={["variants", place]} />)}
        <Button size="small" icon={<PlusOutlined />} onClick={() => change(["variants", variants.length], { when: "", text: "" })}>{t("messageAddVariant")}</Button>
      </Section>
      <Section title={t("messageLibrary")}>
        <Options schema={picked(palette.schema, ["group"])} path={[]} />
        {others.length > 0 && <div className="lc-message-groups">{others.map((each) => <Button key={JSON.stringify(each)} size="small" onClick={() => change(["group"], each as string)}>{w(each)}</Button>)}</div>}
        <Options schema={picked(palette.schema, ["help", "roles"])} path={[]} />
      </Section>
    </>
  );
}

/** Other words for the records of a condition. */
function Variant({ path }: { path: Path }) {
  const { document, palette, change, shift } = useDesign();
  const { t, w } = useSpeech();
  const place = Number(path[1]);
  const found = at(document, path);
  const note = isNode(found) ? w(found["note"] as string) : "";
  const title = note || t("messageVariant", { number: place + 1 });
  const schema = resolved({ $ref: "#/$defs/VariantDocument" }, palette.schema);
  return (
    <fieldset className="lc-flow-part">
      <legend>
        {title}
        {place > 0 && <Button size="small" type="text" aria-label={t("designUp", { name: title })} onClick={() => shift(path, ["variants"], place - 1)}>↑</Button>}
        <Button size="small" type="text" icon={<DeleteOutlined />} aria-label={t("designTakeAway", { name: title })} onClick={() => change(path, undefined)} />
      </legend>
      <Options schema={picked(schema, ["note", "when", "subject", "text"])} path={path} />
    </fieldset>
  );
}
