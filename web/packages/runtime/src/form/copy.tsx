import { useSpeech, type Speech } from "@lowcode/kit";
import type { Field, Form } from "@lowcode/protocol";
import { Alert } from "antd";
import type { Copied } from "./copied";

/** What nobody expects of a copy need not be said. */
const EXPECTED = ["numbered", "state", "read_only"];

const titleOf = (fields: Field[], path: string, w: Speech["w"]): string => {
  const [head = "", ...rest] = path.split(".");
  const field = fields.find((each) => each.name === head);
  const own = w(field?.title) || head;
  return rest.length === 0 ? own : `${own} · ${titleOf(field?.fields ?? [], rest.join("."), w)}`;
};

/** Says above the form what it is filled with, and what was not taken. */
export function CopyNote({ form, copied }: { form: Form; copied: Copied }) {
  const { t, w, among } = useSpeech();
  const left = copied.left.filter((each) => !EXPECTED.includes(each.why)).map((each) => titleOf(form.fields, each.field, w));
  return (
    <Alert
      className="lc-problems"
      type="info"
      showIcon
      title={t("copyOf", { name: copied.label })}
      description={left.length > 0 || copied.hidden ? <span className="lc-many-lines">{[left.length > 0 && t("copyLeft", { names: among(left) }), copied.hidden && t("copyHidden")].filter(Boolean).join("\n")}</span> : undefined}
    />
  );
}
