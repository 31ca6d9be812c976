import { useSpeech } from "@lowcode/kit";
import { Alert } from "antd";
import { usePresence } from "./presence";

/** In a form: that a colleague is changing the same record. */
export function AlsoEdited({ form, id }: { form: string; id: number }) {
  const { t } = useSpeech();
  const editing = usePresence(form, id, "edits").filter((each) => each.edits);
  if (editing.length === 0) return null;
  return <Alert className="lc-problems" type="warning" showIcon title={t("presenceAlso", { names: editing.map((each) => each.person.label).join("、") })} description={t("presenceAlsoHint")} />;
}
