import { brief, Failure, link, Sketch, useNarrow, useSpeech } from "@lowcode/kit";
import { Problem, type Publication, type PublicationStep } from "@lowcode/protocol";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Checkbox, Modal } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { consentWords } from "./consent";

interface Asked {
  operation: string;
  values: object;
}

interface Props {
  title: string;
  /** Says what would be done. */
  look: Asked;
  /** Does what was looked at. */
  act: Asked;
  label: string;
  danger?: boolean;
  close: () => void;
  done: () => void;
}

/** What publishing would do, in words, and a press that does it. Whoever was slower sees it anew. */
export function Publishing({ title, look, act, label, danger, close, done }: Props) {
  const { client } = useRuntime();
  const speech = useSpeech();
  const { t } = speech;
  const { message } = App.useApp();
  const narrow = useNarrow();
  const queries = useQueryClient();
  const [allowed, setAllowed] = useState<string[]>([]);
  const plan = useQuery({ queryKey: ["publication", look], queryFn: () => client.run<Publication>(look.operation, look.values), retry: false, staleTime: 0, gcTime: 0, refetchOnWindowFocus: false });
  const send = useMutation({
    mutationFn: () => client.run(act.operation, { ...act.values, plan: plan.data?.plan, allow: allowed }),
    onSuccess: async () => {
      void message.success(t(act.operation === "app.undo" ? "publishUndone" : "publishedNow"));
      done();
      // What was published is planned no more: of an app that is another by now it would be refused.
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "publication" });
    },
    onError: (error) => {
      if (error instanceof Problem && error.status === 409) void plan.refetch();
    },
  });
  const found = plan.data;
  const wrong = found?.steps?.some((each) => each.findings.some((one) => one.severity === "error"));
  const ready = found !== undefined && found.plan !== null && !plan.isFetching && !wrong && (found.consents ?? []).every((each) => allowed.includes(each));
  return (
    <Modal open title={title} width={narrow ? "100%" : 620} onCancel={close} cancelText={t("cancel")} okText={label} okButtonProps={{ disabled: !ready, danger, loading: send.isPending }} onOk={() => send.mutate()}>
      {send.error && <Alert type="warning" showIcon message={brief(send.error, speech)} />}
      {plan.error ? (
        <Failure small error={plan.error} retry={() => void plan.refetch()} />
      ) : !found ? (
        <Sketch rows={4} />
      ) : found.plan === null ? (
        <Alert type="error" message={t("publishWrong")} description={<ul>{found.findings.map((each, at) => <li key={at}><code>{each.document}{each.pointer}</code> {each.message} {each.hint}</li>)}</ul>} />
      ) : (
        <Planned found={found} allowed={allowed} allow={setAllowed} />
      )}
      {found?.plan !== null && found && <p className="lc-quiet">{t("publishHint")}</p>}
    </Modal>
  );
}

/** Some of the rows that are in the way: each leads to its record, where they are records of a form. */
function Samples({ finding, form }: { finding: PublicationStep["findings"][number]; form?: string }) {
  const { app } = useRuntime();
  const { t } = useSpeech();
  const values = (sample: PublicationStep["findings"][number]["samples"][number]) => sample.map((each) => (each === null ? "–" : String(each))).join(" → ");
  const listed = form !== undefined && form in app.forms;
  return (
    <details className="lc-planned-samples">
      <summary>{t("publishWhich")}</summary>
      <ul>
        {finding.samples.map((sample, at) => {
          if (finding.severity === "error") return <li key={at}>{sample.slice(0, -1).map(String).join(" · ")} × {String(sample[sample.length - 1])}</li>;
          if (form === undefined) return <li key={at}>{sample.map(String).join(" · ")}</li>;
          const number = String(sample[0]);
          return <li key={at}>{listed ? <a href={link(["records", form, number])} target="_blank" rel="noreferrer">#{number}</a> : `#${number}`} {values(sample.slice(1))}</li>;
        })}
        {finding.count > finding.samples.length && <li>{t("publishMore", { count: finding.count - finding.samples.length })}</li>}
      </ul>
    </details>
  );
}

/** Changes, steps on the tables, and what has to be agreed to. */
function Planned({ found, allowed, allow }: { found: Publication; allowed: string[]; allow: (all: string[]) => void }) {
  const { t, w } = useSpeech();
  return (
    <>
      <h3>{t("publishChanges")}</h3>
      {found.changes.length === 0 ? <p className="lc-quiet">{t("publishNothing")}</p> : (
        <ul className="lc-planned">{found.changes.map((each, at) => <li key={at}>{w(each.words)}</li>)}</ul>
      )}
      {found.steps.length > 0 && <h3>{t("publishSteps")}</h3>}
      <ul className="lc-planned">
        {found.steps.map((each, at) => (
          <li key={at}>
            {w(each.words)}{each.rows > 0 && <span className="lc-quiet"> · {t("publishRows", { count: each.rows })}</span>}
            {each.findings.map((one, index) => (
              <div key={index} className={one.severity === "error" ? "lc-rule-why" : "lc-quiet"}>
                {w(one.words)}
                {one.samples.length > 0 && <Samples finding={one} form={each.table?.name} />}
              </div>
            ))}
            {each.consents.map((one) => (
              <div key={one}><Checkbox checked={allowed.includes(one)} onChange={(event) => allow(event.target.checked ? [...allowed, one] : allowed.filter((other) => other !== one))}>{t(consentWords(one))} <code className="lc-quiet">{one}</code></Checkbox></div>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
