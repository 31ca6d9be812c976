import { brief, Failure, instant, link, Nothing, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { OrganisationChange, OrganisationConflict, OrganisationRun, Organisations } from "@lowcode/protocol";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Tag } from "antd";
import { useState } from "react";
import { useRuntime } from "../runtime";

type Listed = Organisations["items"][number];

const COLORS: Record<string, string | undefined> = { comes: "green", returns: "green", leaves: "red", moves: "blue", linked: "purple" };

/** The organisations whose departments and people the directory follows. */
export function FollowedOrganisations() {
  const { client } = useRuntime();
  const { t } = useSpeech();
  const found = useQuery({ queryKey: ["organisations"], queryFn: () => client.run<Organisations>("api.organisations") });
  return (
    <section className="lc-panel lc-access" aria-label={t("organisation")}>
      <p className="lc-quiet">{t("organisationHint")}</p>
      {found.error ? (
        <Failure small error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <Sketch rows={4} />
      ) : found.data.items.length === 0 ? (
        <Nothing small title={t("organisationNone")} hint={t("organisationNoneHint")} />
      ) : (
        found.data.items.map((each) => <One key={each.name} organisation={each} />)
      )}
    </section>
  );
}

function One({ organisation }: { organisation: Listed }) {
  const { client } = useRuntime();
  const { message, modal } = App.useApp();
  const queries = useQueryClient();
  const speech = useSpeech();
  const { t } = speech;
  const [busy, setBusy] = useState<"plan" | "sync" | null>(null);
  const [planned, setPlanned] = useState<OrganisationRun | null>(null);
  const shown = planned ?? organisation.last;
  const plan = async () => {
    setBusy("plan");
    try {
      setPlanned(await client.run<OrganisationRun>("api.plan_sync", { name: organisation.name }));
    } catch (error) {
      void message.error(brief(error, speech), 8);
    }
    setBusy(null);
  };
  const sync = async (all: boolean) => {
    setBusy("sync");
    try {
      const run = await client.run<OrganisationRun>("api.sync", { name: organisation.name, ...(all ? { all_leave: true } : {}) });
      setPlanned(null);
      if (run.error) void message.error(run.error, 8);
      else void message.success(t("organisationDone"));
      await queries.invalidateQueries();
    } catch (error) {
      void message.error(brief(error, speech), 8);
    }
    setBusy(null);
  };
  const many = shown?.conflicts.find((each) => each.reason === "many_leave");
  const agree = () =>
    modal.confirm({
      title: t("organisationAllLeave", { count: many?.count ?? 0 }),
      content: t("organisationAllLeaveAsk", { count: many?.count ?? 0, of: many?.of ?? 0 }),
      okText: t("organisationAllLeave", { count: many?.count ?? 0 }),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: () => sync(true),
    });
  return (
    <article className="lc-organisation">
      <header>
        <div>
          <h2>{organisation.title}</h2>
          <p className="lc-quiet">
            {!organisation.ready ? t("organisationNotReady") : organisation.last ? t(organisation.last.by === null ? "organisationLastOwn" : "organisationLast", { at: instant(organisation.last.at, true) }) : t("organisationNever")}
          </p>
        </div>
        <div className="lc-keys-do">
          <Button disabled={!organisation.ready || busy === "sync"} loading={busy === "plan"} onClick={() => void plan()}>
            {t("organisationPlan")}
          </Button>
          <Button type="primary" disabled={!organisation.ready || busy === "plan"} loading={busy === "sync"} onClick={() => void sync(false)}>
            {t("organisationSync")}
          </Button>
        </div>
      </header>
      {shown?.error && <Alert type="error" showIcon title={t("organisationFailed")} description={shown.error} />}
      {shown && !shown.error && <OrganisationChanges shown={shown} planned={planned !== null} agree={agree} />}
    </article>
  );
}

/** What would change, or did: who comes, moves and leaves, and what waits for somebody. */
export function OrganisationChanges({ shown, planned, agree }: { shown: Pick<OrganisationRun, "departments" | "people" | "conflicts">; planned: boolean; agree?: () => void }) {
  const { t } = useSpeech();
  const many = shown.conflicts.find((each) => each.reason === "many_leave");
  return (
    <>
      <h3>{t(planned ? "organisationWould" : "organisationDid")}</h3>
      {many && (
        <Alert type="warning" showIcon title={t("organisationConflict_many_leave", { count: many.count, of: many.of })} action={agree && <Button danger size="small" onClick={agree}>{t("organisationAllLeave", { count: many.count })}</Button>} />
      )}
      <Conflicts conflicts={shown.conflicts.filter((each) => each !== many)} />
      {shown.departments.length + shown.people.length === 0 ? (
        <p className="lc-quiet">{t("organisationNothing")}</p>
      ) : (
        <>
          <Changes title={t("organisationDepartments")} changes={shown.departments} units />
          <Changes title={t("organisationPeople")} changes={shown.people} done={!planned} />
        </>
      )}
    </>
  );
}

function Conflicts({ conflicts }: { conflicts: OrganisationConflict[] }) {
  const { t } = useSpeech();
  if (conflicts.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t("organisationConflicts", { count: conflicts.length })}
      description={
        <ul>
          {conflicts.map((each) => (
            <li key={`${each.reason}/${each.key}`}>
              <strong>{each.name}</strong> — {t(`organisationConflict_${each.reason}` as TextKey, { others: each.others.join("、"), count: each.count, of: each.of })}
            </li>
          ))}
        </ul>
      }
    />
  );
}

function Changes({ title, changes, done = false, units = false }: { title: string; changes: OrganisationChange[]; done?: boolean; units?: boolean }) {
  const { t, w } = useSpeech();
  if (changes.length === 0) return null;
  const word = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return "—";
    if (Array.isArray(value)) return value.map(word).join("、") || "—";
    if (typeof value === "boolean") return t(value ? "yes" : "no");
    return w(value as string);
  };
  return (
    <>
      <h4>
        {title} <span className="lc-pill">{changes.length}</span>
      </h4>
      <ul className="lc-log">
        {changes.map((each) => (
          <li key={each.key}>
            <span>
              {each.does.map((does) => (
                <Tag key={does} color={COLORS[does]}>
                  {t(`organisationDoes_${does}` as TextKey)}
                </Tag>
              ))}
            </span>
            <span>
              <strong>{each.name}</strong>
              <div className="lc-quiet">
                {Object.entries(each.sets)
                  .filter(([name, value]) => name !== "active" && (name in each.was || word(value) !== each.name))
                  .map(([name, value]) => `${t(`organisationField_${units && name === "title" ? "name" : name}` as TextKey)} ${name in each.was ? `${word(each.was[name])} → ` : ""}${word(value)}`)
                  .join(" · ")}
              </div>
            </span>
            <span>{done && each.user !== null && each.does.includes("leaves") && <a href={link(["handover"], { from: String(each.user) })}>{t("handOver")}</a>}</span>
          </li>
        ))}
      </ul>
    </>
  );
}
