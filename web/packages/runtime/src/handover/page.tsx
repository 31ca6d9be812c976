import { brief, Failure, Icon, Nothing, Sketch, usePlace, useSpeech } from "@lowcode/kit";
import type { Field, Reference } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Checkbox } from "antd";
import { useEffect, useId, useState } from "react";
import { changed } from "../changed";
import { manyOf } from "../fields";
import { useRuntime } from "../runtime";
import { ReferenceInput, type Found } from "../widgets/inputs/reference";
import { mayHandOver, reporting } from "./may";

interface Person {
  id: number;
  label: string;
  title?: string | null;
  department?: string | null;
}

interface Refused {
  form: string;
  id: number;
  label: string;
  problems: { detail: string }[];
}

const PERSON: Field = { name: "person", type: "member", title: "", required: true };

/** All that somebody owns goes to their successor: what it would be, then in one step. */
export default function HandOverPage() {
  const { client, session, app } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t, w } = speech;
  const [from, setFrom] = useState<Reference | null>(null);
  const [to, setTo] = useState<Reference | null>(null);
  const [fields, setFields] = useState(true);
  const [refused, setRefused] = useState<Refused[]>([]);
  const leaving = Number(usePlace().query.get("from"));
  const named = useQuery({ queryKey: ["handover", leaving], queryFn: () => client.run<{ items: Person[] }>("identity.people", { ids: [leaving], inactive: true }), enabled: leaving > 0 });
  const person = named.data?.items[0];
  useEffect(() => {
    if (person) setFrom({ id: person.id, label: person.label });
  }, [person]);
  const asked = { from: from?.id, to: to?.id, fields };
  const same = from !== null && from.id === to?.id;
  const ready = from !== null && to !== null && !same;
  const counted = useQuery({ queryKey: ["records", "handover", asked], queryFn: () => client.run<{ counts: Record<string, number> }>("forms.hand_over", { ...asked, dry_run: true }), enabled: ready });
  const moving = { person: from?.id, to: to?.id };
  const waiting = useQuery({ queryKey: ["tasks", "handover", moving], queryFn: () => client.run<{ moved: number }>("flows.reassign", { ...moving, dry_run: true }), enabled: ready && session.actor.administrator });
  const tasks = waiting.data?.moved ?? 0;
  if (!mayHandOver(session)) return <Nothing page title={t("forbidden")} hint={t("handOverNot")} />;
  const rows = Object.entries(counted.data?.counts ?? {}).filter(([, count]) => count > 0);
  const total = rows.reduce((sum, [, count]) => sum + count, tasks);
  const act = () =>
    modal.confirm({
      title: t("handOver"),
      content: t("handOverAsk", { from: from!.label, to: to!.label, count: total }),
      okText: t("handOver"),
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          const done = await client.run<{ changed: number; refused: Refused[] }>("forms.hand_over", asked);
          const moved = tasks > 0 ? await client.run<{ moved: number; merged: number }>("flows.reassign", moving) : { moved: 0, merged: 0 };
          setRefused(done.refused);
          void message.success(t("handOverDone", { count: done.changed + moved.moved + moved.merged, to: to!.label }), 6);
          await changed(queries);
        } catch (error) {
          void message.error(brief(error, speech), 6);
        }
      },
    });
  const choose = (set: (person: Reference | null) => void) => (value: unknown) => {
    set(value as Reference | null);
    setRefused([]);
  };
  const team = session.actor.administrator ? {} : { ids: reporting(session) };
  return (
    <div className="lc-page">
      <header className="lc-head">
        <div className="lc-head-title">
          <h1>{t("handOver")}</h1>
        </div>
        <p className="lc-quiet">{t("handOverHint")}</p>
      </header>
      <div className="lc-panel lc-handover">
        <div className="lc-handover-people">
          <PersonInput label={t("handOverFrom")} value={from} onChange={choose(setFrom)} among={{ ...team, inactive: true }} />
          <PersonInput label={t("handOverTo")} value={to} onChange={choose(setTo)} among={{}} problem={same ? t("handOverSame") : undefined} />
        </div>
        <Checkbox checked={fields} onChange={(event) => setFields(event.target.checked)}>
          {t("handOverFields")}
        </Checkbox>
        {refused.length > 0 && (
          <Alert
            type="warning"
            showIcon
            title={t("handOverRefused", { count: refused.length })}
            description={
              <ul>
                {refused.map((each) => (
                  <li key={`${each.form}/${each.id}`}>
                    <a href={`#/records/${each.form}/${each.id}`}>{each.label}</a> — {each.problems.map((problem) => problem.detail).join("; ")}
                  </li>
                ))}
              </ul>
            }
          />
        )}
        {!ready ? (
          <Nothing small title={t("handOverPick")} />
        ) : counted.error ? (
          <Failure small error={counted.error} retry={() => void counted.refetch()} />
        ) : !counted.data ? (
          <Sketch rows={4} />
        ) : total === 0 ? (
          <Nothing small title={t("handOverNothing")} />
        ) : (
          <>
            <table className="lc-plain" aria-label={t("handOver")}>
              <tbody>
                {rows.map(([name, count]) => (
                  <tr key={name}>
                    <th scope="row">
                      <Icon name={app.forms[name]?.icon} fallback={name} /> {app.forms[name] ? w(manyOf(app.forms[name])) : name}
                    </th>
                    <td className="lc-right">{count}</td>
                  </tr>
                ))}
                {tasks > 0 && (
                  <tr>
                    <th scope="row">
                      <Icon name="check" fallback="tasks" /> {t("handOverTasks")}
                    </th>
                    <td className="lc-right">{tasks}</td>
                  </tr>
                )}
                <tr>
                  <th scope="row">{t("handOverAll")}</th>
                  <td className="lc-right">
                    <strong>{total}</strong>
                  </td>
                </tr>
              </tbody>
            </table>
            <Button type="primary" onClick={act}>
              {t("handOverDo", { count: total })}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}

interface PersonInputProps {
  label: string;
  value: Reference | null;
  onChange: (value: unknown) => void;
  among: object;
  problem?: string;
}

function PersonInput({ label, value, onChange, among, problem }: PersonInputProps) {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const id = useId();
  const ask = async (search: string, signal: AbortSignal): Promise<Found[]> => {
    const { items } = await client.run<{ items: Person[] }>("identity.people", { ...among, search: search || undefined, limit: 30 }, { signal });
    return items.map((each) => ({ id: each.id, label: each.label, hint: [each.department, each.title].filter(Boolean).join(" · ") }));
  };
  return (
    <div className="lc-handover-person">
      <label htmlFor={id}>{label}</label>
      <ReferenceInput id={id} label={label} field={PERSON} value={value} onChange={onChange} ask={ask} placeholder={t("choosePerson")} invalid={problem !== undefined} />
      {problem && <span className="lc-problem" role="alert">{problem}</span>}
    </div>
  );
}
