import { Badge, recordLink, useSpeech } from "@lowcode/kit";
import type { Duplicate, Form } from "@lowcode/protocol";
import { Modal } from "antd";

/** How a duplicate was recognised. */
const HOW = { exact: "duplicatesExact", similar: "duplicatesSimilar", sounds: "duplicatesSounds" } as const;

/** Records that may be the same one. */
export function Duplicates({ form, found, save, close }: { form: Form; found: Duplicate[]; save: () => void; close: () => void }) {
  const { t, w } = useSpeech();
  const title = (name: string) => w(form.fields.find((field) => field.name === name)?.title) || name;
  return (
    <Modal open title={t("duplicatesTitle")} okText={t("duplicatesSave")} cancelText={t("back")} onOk={save} onCancel={close}>
      <ul className="lc-duplicates">
        {found.map((each) => (
          <li key={each.id}>
            <a href={recordLink(form.name, each.id)} target="_blank" rel="noreferrer">
              {each.label}
            </a>
            <span className="lc-quiet">{each.fields.map(title).join("、")}</span>
            <Badge color={each.match === "exact" ? "red" : "orange"}>{t(HOW[each.match])}</Badge>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
