import { useSpeech } from "@lowcode/kit";
import type { Form } from "@lowcode/protocol";
import { Alert } from "antd";
import { pathTitle } from "../fields";
import type { Copied } from "./copied";

/** What nobody expects of a copy need not be said. */
const EXPECTED = ["numbered", "state", "read_only"];

/** Says above the form what it is filled with, and what was not taken. */
export function CopyNote({ form, copied }: { form: Form; copied: Copied }) {
  const { t, w, among } = useSpeech();
  const left = copied.left.filter((each) => !EXPECTED.includes(each.why)).map((each) => pathTitle(form.fields, each.field, w));
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
