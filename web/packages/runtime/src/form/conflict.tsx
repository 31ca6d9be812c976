import { useSpeech, When } from "@lowcode/kit";
import { isReference, type Field, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { Button, Modal } from "antd";
import { blank, calculated } from "../fields";
import { widgetOf } from "../widgets";
import { bare } from "./conflict_rows";
import { same } from "./live";

interface ConflictProps {
  form: Form;
  /** The record as it was when the form was opened, as it is now, and as this person has written it. */
  original: Values;
  current: StoredRecord;
  written: Values;
  theirs: () => void;
  mine: () => void;
  close: () => void;
}

/** Someone else was faster: shows both changes side by side and lets the person choose. */
export function Conflict({ form, original, current, written, theirs, mine, close }: ConflictProps) {
  const { t, w } = useSpeech();
  const changedThere = (field: Field) => field.name in current && !same(bare(original[field.name]), bare(current[field.name]));
  const changedHere = (field: Field) => !same(bare(original[field.name]), bare(written[field.name]));
  const open = form.fields.filter((field) => !field.system && !calculated(field) && changedThere(field));
  const collided = open.filter((field) => changedHere(field) && !same(bare(written[field.name]), bare(current[field.name])));
  const rows = [...collided, ...open.filter((field) => !collided.includes(field))];
  const by = current["updated_by"];
  const at = current["updated_at"];
  return (
    <Modal
      open
      width={680}
      title={t("conflictTitle")}
      onCancel={close}
      footer={[
        <Button key="back" type="text" onClick={close}>
          {t("unsavedStay")}
        </Button>,
        <Button key="theirs" onClick={theirs}>
          {t("conflictTheirs")}
        </Button>,
        <Button key="mine" type="primary" onClick={mine}>
          {t("conflictMine")}
        </Button>,
      ]}
    >
      <p className="lc-quiet">
        <strong>{isReference(by) ? by.label : t("application")}</strong> {t("conflictChanged")}
        {typeof at === "string" && <> (<When at={at} />)</>}
        {t("conflictHint")}
      </p>
      <div className="lc-scroll">
        <table className="lc-plain lc-conflict">
          <thead>
            <tr>
              <td />
              <th scope="col">{t("conflictBefore")}</th>
              <th scope="col">{t("conflictNow")}</th>
              <th scope="col">{t("conflictYours")}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((field) => (
              <tr key={field.name} className={collided.includes(field) ? "lc-collided" : undefined}>
                <th scope="row">{w(field.title)}</th>
                <td data-label={t("conflictBefore")}>
                  <Value field={field} value={original[field.name]} />
                </td>
                <td data-label={t("conflictNow")}>
                  <Value field={field} value={current[field.name]} />
                </td>
                <td data-label={t("conflictYours")}>{changedHere(field) ? <Value field={field} value={written[field.name]} /> : <span className="lc-quiet">{t("conflictSame")}</span>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Modal>
  );
}

function Value({ field, value }: { field: Field; value: unknown }) {
  const { t } = useSpeech();
  if (blank(value)) return <span className="lc-quiet">{t("blank")}</span>;
  if (field.type === "lines") return <>{t("linesCount", { count: (value as unknown[]).length })}</>;
  const { Show } = widgetOf(field.type);
  return <Show field={field} value={value} dense />;
}
