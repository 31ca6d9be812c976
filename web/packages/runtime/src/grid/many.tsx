import { useSpeech } from "@lowcode/kit";
import type { Field, Form, Values } from "@lowcode/protocol";
import { Modal, Select } from "antd";
import { useState } from "react";
import { blank, calculated, written } from "../fields";
import { inputOf } from "../widgets/inputs";

const NOT_HERE = ["lines", "attachment", "image", "state", "json", "serial"];

/** Fields that may get one value in many records: not those of which each record has its own. */
function shared(form: Form): Field[] {
  const fields = form.fields.filter((field) => (!field.system || field.name === "owner") && !calculated(field) && !field.read_only && !field.unique && !NOT_HERE.includes(field.type));
  return fields.sort((one, other) => Number(other.name === "owner") - Number(one.name === "owner"));
}

/** One value for a field of many records. */
export default function ManyForm({ form, count, save, close }: { form: Form; count: number; save: (values: Values) => void; close: () => void }) {
  const { t, w } = useSpeech();
  const fields = shared(form);
  const [name, setName] = useState<string | undefined>(undefined);
  const [value, setValue] = useState<unknown>(null);
  const field = fields.find((each) => each.name === name);
  const Input = field ? inputOf(field.type) : null;
  const missing = field?.required === true && blank(value);
  return (
    <Modal open title={t("manyTitle", { count })} okText={t("save")} cancelText={t("cancel")} okButtonProps={{ disabled: !field || missing }} onCancel={close} onOk={() => field && save({ [field.name]: written(field, value) })}>
      <div className="lc-many">
        <label>
          <span>{t("filterField")}</span>
          <Select
            value={name ?? null}
            placeholder={t("choose")}
            showSearch={{ optionFilterProp: "label" }}
            options={fields.map((each) => ({ value: each.name, label: w(each.title) || each.name }))}
            onChange={(next: string) => {
              setName(next);
              setValue(null);
            }}
          />
        </label>
        {field && Input && (
          <div>
            <label htmlFor="lc-many-value">{t("manyValue")}</label>
            <Input key={field.name} field={field} id="lc-many-value" value={value} onChange={setValue} narrow={false} />
            {blank(value) && !field.required && <p className="lc-hint">{t("manyBlank")}</p>}
          </div>
        )}
      </div>
    </Modal>
  );
}
