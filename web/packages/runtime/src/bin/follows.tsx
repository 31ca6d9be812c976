import { brief, type useSpeech } from "@lowcode/kit";
import { Alert } from "antd";
import { useEffect, useState } from "react";
import type { Runtime } from "../runtime";

interface Counted {
  form: string;
  count: number;
}

interface Check {
  deleted: Counted[];
  emptied: Counted[];
  problems: { detail: string }[];
}

/** So many are looked at by one request. */
const PIECE = 1000;

/** What deleting records would come to, for the dialog that asks whether to: what goes with them, what is emptied, what
stands in the way. The dialog stands outside of the application, and is given what it needs of it. */
export function Follows({ runtime: { client, app }, speech, form, ids }: { runtime: Runtime; speech: ReturnType<typeof useSpeech>; form: string; ids: number[] }) {
  const { t, w } = speech;
  const [check, setCheck] = useState<Check | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const [some] = useState(() => ids.slice(0, PIECE));
  useEffect(() => {
    let there = true;
    client.run<Check>("forms.check_delete", { form, ids: some }).then(
      (found) => there && setCheck(found),
      (error: unknown) => there && setFailure(error),
    );
    return () => {
      there = false;
    };
  }, [client, form, some]);
  const titled = (name: string) => app.forms[name]?.plural ?? app.forms[name]?.title ?? name;
  const say = (counted: Counted[]) => counted.map((each) => t("deleteFormCount", { form: w(titled(each.form)), count: each.count })).join(t("deleteBetween"));
  const free = check !== null && check.problems.length === 0;
  return (
    <div className="lc-follows">
      <p>{t("deleteHint")}</p>
      <div role="status">
        {check === null && failure === null && <span className="lc-quiet">{t("deleteLooking")}</span>}
        {failure !== null && <span className="lc-quiet">{brief(failure, speech)}</span>}
        {check?.problems.map((each) => <Alert key={each.detail} type="error" showIcon message={each.detail} />)}
        {free && check.deleted.length > 0 && <Alert type="warning" showIcon message={t("deleteAlso", { what: say(check.deleted) })} />}
        {free && check.emptied.length > 0 && <Alert type="info" showIcon message={t("deleteEmpties", { what: say(check.emptied) })} />}
      </div>
    </div>
  );
}
