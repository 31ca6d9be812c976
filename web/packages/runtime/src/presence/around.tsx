import { EditOutlined } from "@ant-design/icons";
import { Portrait, useSpeech, When } from "@lowcode/kit";
import type { Activity, Form, StoredRecord } from "@lowcode/protocol";
import { useTimeline } from "../detail/timeline";
import { useRuntime } from "../runtime";
import { usePresence } from "./presence";

const DAY = 86_400_000;
/** What counts as work with the record; that somebody looked at a masked value does not. */
const WORK: ReadonlySet<Activity["kind"]> = new Set(["record", "comment", "changed", "flow", "mail", "file", "print"]);

/** Above a record: who else is at it, and what a colleague did last. */
export function Around({ form, record }: { form: Form; record: StoredRecord }) {
  const { t } = useSpeech();
  const others = usePresence(form.name, record.id, "reads");
  const recent = useRecent(form, record.id);
  if (others.length === 0 && !recent) return null;
  return (
    <div className="lc-around" role="status">
      {others.map((each) => (
        <span key={each.person.id} className={each.edits ? "lc-around-one lc-around-edits" : "lc-around-one"}>
          <Portrait name={each.person.label} size={20} />
          {each.edits && <EditOutlined aria-hidden />}
          {t(each.edits ? "presenceEdits" : "presenceReads", { name: each.person.label })}
        </span>
      ))}
      {recent?.by && (
        <span className="lc-around-one lc-quiet">
          <Done form={form} item={recent} name={recent.by.label} /> <When at={recent.at} />
        </span>
      )}
    </div>
  );
}

function Done({ form, item, name }: { form: Form; item: Activity; name: string }) {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  if (item.kind === "record") return <>{t("recentAdded", { name, what: w(app.forms[item.record?.form ?? ""]?.title) })}</>;
  if (item.kind === "comment") return <>{t("recentSaid", { name })}</>;
  if (item.kind === "changed") return <>{t("recentChanged", { name, what: w(form.fields.find((field) => field.name === item.changes?.[0]?.field)?.title) || w(form.title) })}</>;
  return <>{t("recentWorked", { name })}</>;
}

/** The newest thing that somebody else did to it, if that is not long ago. */
function useRecent(form: Form, id: number): Activity | null {
  const { session } = useRuntime();
  const days = form.detail?.recent ?? 3;
  const { items } = useTimeline(form, id, days > 0 && form.detail?.timeline !== false);
  const since = Date.now() - days * DAY;
  const found = items.find((each) => WORK.has(each.kind) && each.by && !each.removed);
  return found && found.by?.id !== session.actor.id && Date.parse(found.at) >= since ? found : null;
}
