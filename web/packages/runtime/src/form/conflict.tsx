import { useSpeech, When } from "@lowcode/kit";
import { isReference, type Field, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { Button, Modal, Tag } from "antd";
import { calculated } from "../fields";
import { useState } from "react";
import { bare } from "./conflict_rows";
import { Choice, RowsConflict } from "./rows_conflict";
import { rowsOf, same } from "./live";
import { mergeLists, mergeRows, type Side } from "./merging";
import { Value } from "./value";

interface ConflictProps {
  form: Form;
  /** The record as it was when the form was opened, as it is now, and as this person has written it. */
  original: Values;
  current: StoredRecord;
  written: Values;
  theirs: () => void;
  /** `merged`: the rows and lists this person changed, with what the other did, and what was chosen of the other's. */
  mine: (merged: Values) => void;
  close: () => void;
}

/** Someone else was faster: shows both changes side by side and lets the person choose. */
export function Conflict({ form, original, current, written, theirs, mine, close }: ConflictProps) {
  const { t, w } = useSpeech();
  const changedThere = (field: Field) => field.name in current && !same(bare(original[field.name]), bare(current[field.name]));
  const changedHere = (field: Field) => !same(bare(original[field.name]), bare(written[field.name]));
  const open = form.fields.filter((field) => !field.system && !calculated(field) && changedThere(field));
  const both = open.filter((field) => changedHere(field) && !same(bare(written[field.name]), bare(current[field.name])));
  const lists = new Map(both.map((field) => [field.name, mergeLists(field, original[field.name], written[field.name], current[field.name])]));
  const collided = both.filter((field) => lists.get(field.name) === undefined);
  const together = both.filter((field) => lists.get(field.name) !== undefined);
  const rows = [...collided, ...open.filter((field) => !collided.includes(field))].filter((field) => field.type !== "lines");
  const [choices, setChoices] = useState<Record<string, Side>>({});
  const merges = open
    .filter((field) => field.type === "lines")
    .map((field) => ({ field, ...mergeRows(field, rowsOf(original, field), rowsOf(written, field), rowsOf(current, field), (key) => choices[`${field.name}/${key}`] ?? "mine") }));
  const plain = collided.filter((field) => field.type !== "lines");
  /** One field is chosen by the button itself. */
  const several = plain.length + merges.reduce((count, each) => count + each.collisions.length, 0) > 1;
  const chosen = several || merges.some((each) => each.collisions.length > 0);
  const sideOf = (field: Field): Side => choices[field.name] ?? "mine";
  const merged = (): Values =>
    Object.fromEntries([
      ...together.map((field) => [field.name, lists.get(field.name)]),
      ...plain.filter((field) => sideOf(field) === "theirs").map((field) => [field.name, current[field.name] ?? null]),
      ...merges.filter((each) => changedHere(each.field)).map((each) => [each.field.name, each.rows]),
    ]);
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
        <Button key="mine" type="primary" onClick={() => mine(merged())}>
          {t(chosen ? "conflictSave" : "conflictMine")}
        </Button>,
      ]}
    >
      <p className="lc-quiet">
        <strong>{isReference(by) ? by.label : t("application")}</strong> {t("conflictChanged")}
        {typeof at === "string" && <> (<When at={at} />)</>}
        {t(chosen ? "conflictHintSeveral" : "conflictHint")}
      </p>
      {rows.length > 0 && <div className="lc-scroll">
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
                <th scope="row">
                  {w(field.title)} {together.includes(field) && <Tag>{t("conflictRow_changed")}</Tag>}
                  {several && plain.includes(field) && <Choice name={w(field.title) || field.name} side={sideOf(field)} choose={(side) => setChoices({ ...choices, [field.name]: side })} />}
                </th>
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
      </div>}
      {merges.map(({ field, touched }) => (
        <RowsConflict key={field.name} field={field} touched={touched} choice={(key) => choices[`${field.name}/${key}`] ?? "mine"} choose={(key, side) => setChoices({ ...choices, [`${field.name}/${key}`]: side })} />
      ))}
    </Modal>
  );
}
