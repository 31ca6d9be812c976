import { ArrowRightOutlined } from "@ant-design/icons";
import { recordLink, useSpeech } from "@lowcode/kit";
import { address, type Activity, type Form } from "@lowcode/protocol";
import { blank } from "../fields";
import { Cell } from "../grid/cell";
import { useRuntime } from "../runtime";
import { decisionText, outcomeText } from "../tasks/words";

/** One thing that happened, in words. */
export function Happening({ form, item }: { form: Form; item: Activity }) {
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
            {(item.changes ?? []).map((change) => {
              const field = form.fields.find((each) => each.name === change.field);
              return (
                <li key={change.field}>
                  <span className="lc-quiet">{w(field?.title) || change.field}</span>{" "}
                  {field && field.type !== "lines" && (
                    <span className="lc-change">
                      {!blank(change.from) && (
                        <>
                          <Cell field={field} value={change.from} /> <ArrowRightOutlined className="lc-quiet" aria-label={t("to")} />{" "}
                        </>
                      )}
                      {blank(change.to) ? <span className="lc-quiet">{t("blank")}</span> : <Cell field={field} value={change.to} />}
                    </span>
                  )}
                </li>
              );
            })}
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
              ? t("flowEnded", { name, outcome: outcomeText(item.outcome, locale) })
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
