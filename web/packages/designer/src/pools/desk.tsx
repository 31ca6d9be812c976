import { useSpeech } from "@lowcode/kit";
import type { Field } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { useMemo } from "react";
import { Pick, Section } from "../connections/mapping";
import { Options } from "../controls";
import { optionWords, useDesign, type Palette } from "../design";
import { picked } from "../flows/schemas";
import type { Begun } from "../opened";
import { useRule, Wrong, type RulePalette } from "../rules/about";
import { ConditionBuilder } from "../rules/condition";
import { FieldValues } from "../rules/value";
import { resolved } from "../schema";
import { WordedDesk } from "../worded";
import { Reclaims } from "./reclaims";
import { PoolTrying } from "./trying";

const PEOPLE = ["user", "member"];

/** The desk of a pool: what lies in it, who may claim and how much, what goes back by itself; and what it would mean. */
export function PoolDesk(begun: Begun<RulePalette>) {
  const { app } = useRuntime();
  const { w } = useSpeech();
  const about = String(begun.begun["form"] ?? "");
  const names = useMemo<NonNullable<Palette["names"]>>(() => {
    const roles = begun.palette.roles.map((value) => ({ value, title: app.roles?.find((each) => each.name === value)?.title ?? value }));
    const people = [{ name: "owner", title: w({ "zh-CN": "负责人", en: "Owner" }) } as unknown as Field, ...(app.forms[about]?.fields ?? []).filter((each) => PEOPLE.includes(each.type) && each.name !== "owner")];
    const fields = people.map((each) => ({ value: each.name, title: each.title ?? each.name }));
    return { members: roles, managers: roles, field: fields, keep: fields };
  }, [begun.palette, app, about, w]);
  return <WordedDesk {...begun} check="rules.check_pool" back={{ place: "pools/design", words: "designPools" }} kind="pool" names={names} options={<PoolOptions />} trying={<PoolTrying />} />;
}

function PoolOptions() {
  const { palette } = useDesign();
  const { form } = useRule();
  const { t, w } = useSpeech();
  const schema = palette.schema;
  const fields = (palette.names?.["field"] ?? []).map((each) => ({ value: each.value, label: w(each.title) }));
  const owner = fields.find((each) => each.value === "owner");
  const claim = resolved(schema.properties?.["claim"] ?? {}, schema);
  const word = (name: string) => w(optionWords(palette, name));
  return (
    <>
      <Wrong path={[]} />
      <Options schema={picked(schema, ["title", "help"])} path={[]} />
      <Section title={t("poolRecords")} hint={t("poolRecordsHint")}>
        <Options schema={picked(schema, ["form"])} path={[]} />
        <Pick path={["field"]} label={t("poolField")} usual={owner?.label ?? ""} options={fields} />
        <ConditionBuilder path={["where"]} label={t("poolWhere")} none={t("poolAllOf")} />
      </Section>
      <Section title={t("poolWho")}>
        <Options schema={picked(schema, ["members", "managers"])} path={[]} />
      </Section>
      <Section title={t("poolLimits")} hint={t("poolLimitsHint")}>
        <Options schema={picked(claim, ["per_day", "holding"])} path={["claim"]} />
        <ConditionBuilder path={["claim", "holding_where"]} label={word("holding_where")} none={t("poolHeldAll")} />
        <Options schema={picked(claim, ["cool_down"])} path={["claim"]} />
      </Section>
      <Section title={t("poolSeen")} hint={t("poolSeenHint")}>
        <Options schema={picked(schema, ["view"])} path={[]} />
      </Section>
      <Section title={t("poolValues")}>
        <FieldValues path={["enter"]} form={form} label={word("enter")} />
        <FieldValues path={["leave"]} form={form} label={word("leave")} />
        <Options schema={picked(schema, ["keep"])} path={[]} />
      </Section>
      <Section title={t("poolBack")} hint={t("poolBackHint")} at={["/reclaim"]}>
        <ConditionBuilder path={["protect"]} label={word("protect")} none={t("poolProtectNone")} />
        <Reclaims />
      </Section>
    </>
  );
}
