import { useSpeech } from "@lowcode/kit";
import type { Form, StoredRecord, Values } from "@lowcode/protocol";
import { Button, Modal } from "antd";
import { blank } from "../fields";
import { widgetOf } from "../widgets";
import { same } from "./live";

/** Someone else was faster: shows what is different now and lets the person choose. */
export function Conflict({ form, original, current, theirs, mine, close }: { form: Form; original: Values; current: StoredRecord; theirs: () => void; mine: () => void; close: () => void }) {
  const { t, w } = useSpeech();
  const different = form.fields.filter((field) => !field.system && field.name in current && field.type !== "lines" && !same(original[field.name], current[field.name]));
  const show = (name: string, values: Values) => {
    const field = form.fields.find((each) => each.name === name)!;
    const { Show } = widgetOf(field.type);
    return blank(values[name]) ? <span className="lc-quiet">{t("blank")}</span> : <Show field={field} value={values[name]} dense />;
  };
  return (
    <Modal
      open
      title={t("conflictTitle")}
      onCancel={close}
      footer={[
        <Button key="theirs" onClick={theirs}>
          {t("conflictTheirs")}
        </Button>,
        <Button key="mine" type="primary" onClick={mine}>
          {t("conflictMine")}
        </Button>,
      ]}
    >
      <p className="lc-quiet">{t("conflictHint")}</p>
      <table className="lc-plain">
        <thead>
          <tr>
            <th />
            <th>{t("conflictBefore")}</th>
            <th>{t("conflictNow")}</th>
          </tr>
        </thead>
        <tbody>
          {different.map((field) => (
            <tr key={field.name}>
              <th scope="row">{w(field.title)}</th>
              <td>{show(field.name, original)}</td>
              <td>{show(field.name, current)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
