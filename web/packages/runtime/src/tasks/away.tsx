import { Badge, brief, instant, Sketch, useNarrow, useSpeech, type TextKey } from "@lowcode/kit";
import { Problem, type Field, type Reference } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Input, Modal, Radio, Select } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";
import { DatetimeInput } from "../widgets/inputs/datetime";
import { ReferenceInput, type Found } from "../widgets/inputs/reference";

interface Absence {
  id: number;
  since: string;
  until: string;
  agent: Reference | null;
  reason: string | null;
  only: string[];
  but: string[];
}

type Scope = "all" | "only" | "but";
const SCOPES: Record<Scope, TextKey> = { all: "awayAll", only: "awayOnly", but: "awayBut" };

const SINCE: Field = { name: "since", type: "datetime", title: "", required: true };
const UNTIL: Field = { ...SINCE, name: "until" };
const AGENT: Field = { name: "agent", type: "member", title: "" };

/** When one is away and who stands in; each can be taken back, or ended early. */
export default function Away({ close }: { close: () => void }) {
  const { app, client, session } = useRuntime();
  const { message } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w, locale } = speech;
  const narrow = useNarrow();
  const [since, setSince] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [agent, setAgent] = useState<Reference | null>(null);
  const [reason, setReason] = useState("");
  const [scope, setScope] = useState<Scope>("all");
  const [flows, setFlows] = useState<string[]>([]);
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);
  const found = useQuery({ queryKey: ["absences"], queryFn: () => client.run<{ items: Absence[] }>("identity.absences", {}) });
  const people = async (search: string, signal: AbortSignal): Promise<Found[]> => {
    const { items } = await client.run<{ items: { id: number; label: string; department?: string | null }[] }>("identity.people", { search: search || undefined, limit: 30 }, { signal });
    return items.filter((each) => each.id !== session.actor.id).map((each) => ({ id: each.id, label: each.label, hint: each.department ?? "" }));
  };
  const run = async (operation: string, parameters: object): Promise<boolean> => {
    setBusy(true);
    setWrong("");
    try {
      await client.run(operation, parameters);
      await queries.invalidateQueries({ queryKey: ["absences"] });
      return true;
    } catch (error) {
      setWrong((error instanceof Problem && error.errors[0]?.detail) || brief(error, speech));
      return false;
    } finally {
      setBusy(false);
    }
  };
  const say = async () => {
    if (!since || !until) return setWrong(t("awayTimes"));
    if (scope !== "all" && flows.length === 0) return setWrong(t("awayFlowsMissing"));
    const about = scope === "all" ? {} : { [scope]: flows };
    if (!(await run("identity.away", { since, until, agent: agent?.id, reason: reason.trim() || undefined, ...about }))) return;
    void message.success(t("awayDone"));
    setSince(null);
    setUntil(null);
    setAgent(null);
    setReason("");
    setScope("all");
    setFlows([]);
  };
  const offered = Object.entries(app.flows ?? {}).map(([name, { title }]) => ({ value: `flow:${name}`, label: w(title) || name }));
  const called = (matters: string[]) => matters.map((each) => offered.find((one) => one.value === each)?.label ?? each).join(locale.startsWith("zh") ? "、" : ", ");
  const about = (each: Absence) => (each.only.length > 0 ? t("awayOnlyThese", { flows: called(each.only) }) : each.but.length > 0 ? t("awayButThese", { flows: called(each.but) }) : null);
  const now = Date.now();
  return (
    <Modal open title={t("awayTitle")} okText={t("awaySet")} cancelText={t("close")} okButtonProps={{ loading: busy }} onOk={() => void say()} onCancel={close} destroyOnHidden>
      <p className="lc-quiet">{t("awayHint")}</p>
      {found.isPending ? (
        <Sketch rows={2} />
      ) : (
        <ul className="lc-away">
          {found.data?.items.map((each) => (
            <li key={each.id}>
              <div>
                {instant(each.since)} – {instant(each.until)} {new Date(each.since).getTime() <= now && <Badge color="blue">{t(each.only.length > 0 ? "awayGiven" : "awayNow")}</Badge>}
                <div className="lc-quiet">{[each.agent ? `${t("awayAgent")} ${each.agent.label}` : t("awayNobody"), about(each), each.reason].filter(Boolean).join(" · ")}</div>
              </div>
              <Button size="small" disabled={busy} onClick={() => void run("identity.end_absence", { id: each.id })}>
                {t(new Date(each.since).getTime() <= now ? (each.only.length > 0 ? "awayGivenEnd" : "awayBack") : "awayDrop")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="lc-away-form">
        <label htmlFor="away-since">{t("awaySince")}</label>
        <DatetimeInput field={SINCE} id="away-since" label={t("awaySince")} narrow={narrow} value={since} onChange={(value) => setSince(value as string | null)} />
        <label htmlFor="away-until">{t("awayUntil")}</label>
        <DatetimeInput field={UNTIL} id="away-until" label={t("awayUntil")} narrow={narrow} value={until} onChange={(value) => setUntil(value as string | null)} />
        <label htmlFor="away-agent">{t("awayAgent")}</label>
        <ReferenceInput id="away-agent" label={t("awayAgent")} field={AGENT} value={agent} onChange={(value) => setAgent(value as Reference | null)} ask={people} placeholder={t("choosePerson")} />
        {offered.length > 0 && (
          <>
            <span id="away-scope">{t("awayScope")}</span>
            <div className="lc-away-scope">
              <Radio.Group aria-labelledby="away-scope" value={scope} onChange={(event) => setScope(event.target.value as Scope)} options={Object.entries(SCOPES).map(([value, title]) => ({ value, label: t(title) }))} />
              {scope !== "all" && <Select aria-label={t("awayFlows")} mode="multiple" optionFilterProp="label" placeholder={t("awayFlows")} value={flows} onChange={setFlows} options={offered} />}
              {(scope !== "all" || (found.data?.items ?? []).some(about)) && <p className="lc-quiet">{t("awayNearest")}</p>}
            </div>
          </>
        )}
        <label htmlFor="away-reason">{t("awayReason")}</label>
        <Input id="away-reason" value={reason} maxLength={500} onChange={(event) => setReason(event.target.value)} />
      </div>
      {wrong && (
        <div className="lc-problem" role="alert">
          {wrong}
        </div>
      )}
    </Modal>
  );
}
