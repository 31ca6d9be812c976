import { recordLink, useSpeech } from "@lowcode/kit";
import { address, type Activity, type Form, type StoredRecord, type Values } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { FromTo, inOrder, RowChanges } from "./row_changes";
import { endedText } from "../tasks/ended";
import { decisionText, outcomeText } from "../tasks/words";

/** One thing that happened, in words. */
export function Happening({ form, record, item }: { form: Form; record: StoredRecord; item: Activity }) {
  const { app } = useRuntime();
  const { t, w, locale } = useSpeech();
  switch (item.kind) {
    case "created":
      return <>{t("createdThis")}</>;
    case "deleted":
      return <>{t("deletedThis")}</>;
    case "restored":
      return <>{t("restoredThis")}</>;
    case "erased":
      return <>{t("erasedThis")}</>;
    case "merged":
      return <>{t("mergedThis")}</>;
    case "unmerged":
      return <>{t("unmergedThis")}</>;
    case "revealed":
      return <>{t("revealedThis")}</>;
    case "changed":
      return (
        <>
          {t("changedThis")}
          <ul className="lc-changes">
            {inOrder(form, item.changes ?? []).map(({ change, field }) => (
              <li key={change.field}>
                <span className="lc-quiet">{w(field?.title) || change.field}</span>{" "}
                {field && (field.type === "lines" ? <RowChanges field={field} change={change} now={(record[field.name] as Values[] | null) ?? []} /> : <FromTo field={field} change={change} />)}
              </li>
            ))}
          </ul>
          {item.cause && <div className="lc-quiet">{item.cause}</div>}
        </>
      );
    case "comment":
      if (item.removed) return <span className="lc-quiet">{t("commentRemovedBy", { name: item.removed.by?.label ?? t("application") })}</span>;
      return <div className="lc-said">{w(item.text)}</div>;
    case "record": {
      const title = w(app.forms[item.record?.form ?? ""]?.title);
      return (
        <>
          {t("addedRecord", { name: title })} {item.record && <a href={recordLink(item.record.form, item.record.id)}>{item.record.label}</a>}
          {item.text && <div className="lc-said">{w(item.text)}</div>}
        </>
      );
    }
    case "flow": {
      const name = w(item.flow?.title);
      return (
        <>
          {item.event === "started"
            ? t("flowBegan", { name })
            : item.event === "deed"
              ? t("flowDeed", { name, deed: w(item.text) })
              : item.event === "ended"
              ? endedText(name, item.outcome, outcomeText(item.outcome, locale), { t })
              : t("flowDecided", { node: w(item.node), decision: decisionText(item.decision, locale) })}
          {item.opinion && <div className="lc-said">{item.opinion}</div>}
        </>
      );
    }
    default:
      return (
        <>
          {w(item.text)} {item.file && <a href={address(`files/${item.file.id}`, { download: true })}>{item.file.name}</a>}
        </>
      );
  }
}
