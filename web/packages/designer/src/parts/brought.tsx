import { brief, Failure, Sketch, useSpeech, type TextKey } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useRuntime } from "@lowcode/runtime";
import { Publishing } from "@lowcode/runtime/automation/publication";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, Button, Input, Radio, Select } from "antd";
import { useState } from "react";
import type { Which } from "./packages";
import type { Counts } from "./page";

/** What a package brings. */
export interface Look {
  name: string;
  title: Text;
  description: Text;
  version: string;
  installed: string | null;
  newer: boolean;
  counts: Counts;
  forms: { name: string; title: Text; fields: { name: string; title: Text; type: string }[] }[];
  documents: { folder: string; name: string; title: Text; type: string | null; form: string | null }[];
  roles: { name: string; title?: Text }[];
  menus: { title: Text }[];
}

interface Made {
  base: string;
  documents: Record<string, unknown>;
  files: Record<string, string | null>;
  collisions: { path: string; title: Text; free: string }[];
  clashes: { path: string; clashes: { pointer: string }[] }[];
}

type Deed = "app.install_package" | "app.update_package" | "app.remove_package";

const LABELS: Record<Deed, TextKey> = { "app.install_package": "packageInstall", "app.update_package": "packageUpdate", "app.remove_package": "packageRemove" };
const GROUPS = ["flows", "rules", "reports", "printing", "api"] as const;
const ADMINISTRATOR = "administrator";

/** What a package brings, what it is called here, and the ways to put it in, bring it to its newer version, or take it out. */
export function Brought({ which, ready, close }: { which: Which; ready: boolean; close: () => void }) {
  const { app, client } = useRuntime();
  const standing = app.roles ?? [];
  const speech = useSpeech();
  const { t, w } = speech;
  const [names, setNames] = useState<Record<string, string>>({});
  const [taken, setTaken] = useState<Made["collisions"]>([]);
  const [clashes, setClashes] = useState<Made["clashes"]>([]);
  const [take, setTake] = useState<Record<string, "mine" | "theirs">>({});
  const [wish, setWish] = useState<{ deed: Deed; made: Made }>();
  const found = useQuery({ queryKey: ["design", "package", which], queryFn: () => client.run<Look>("app.package", which), enabled: ready, retry: false, staleTime: 0 });
  const kept = "name" in which ? which.name : found.data?.name;
  const prepare = useMutation({
    mutationFn: async (deed: Deed) => {
      const values = deed === "app.remove_package" ? { name: kept } : deed === "app.update_package" ? { ...which, take } : { ...which, names };
      return { deed, made: await client.run<Made>(deed, values) };
    },
    onSuccess: (done) => {
      const { collisions, clashes: both } = done.made;
      setTaken(collisions.length > 0 ? collisions : taken);
      setClashes(both.length > 0 ? both : clashes);
      if (collisions.length > 0) setNames({ ...Object.fromEntries(collisions.map((each) => [each.path, each.free])), ...names });
      else if (both.length === 0) setWish(done);
    },
  });
  if (found.error) return <Failure small error={found.error} retry={() => void found.refetch()} />;
  if (ready && !found.data) return <Sketch rows={10} />;
  const look = found.data;
  const installed = look ? look.installed !== null : true;
  const roles = (look?.roles ?? []).filter((each) => each.name !== ADMINISTRATOR && !standing.some((own) => own.name === each.name));
  const decided = clashes.every((each) => each.path in take);
  const press = (deed: Deed, primary: boolean, disabled = false) => (
    <Button type={primary ? "primary" : "default"} danger={deed === "app.remove_package"} disabled={disabled} loading={prepare.isPending && prepare.variables === deed} onClick={() => prepare.mutate(deed)}>{t(LABELS[deed])}</Button>
  );
  const values = wish && { base: wish.made.base, documents: wish.made.documents, files: wish.made.files };
  return (
    <div className="lc-library-one lc-package-one">
      {look && w(look.description) && <p>{w(look.description)}</p>}
      {look && <p className="lc-quiet">{t("packageVersion", { version: look.installed ?? look.version })}{look.newer && ` · ${t("packageNewer", { version: look.version })}`}</p>}
      {look && !installed && roles.length > 0 && (
        <section>
          <h3>{t("packageRoles")}</h3>
          <p className="lc-quiet">{t("packageRolesHint")}</p>
          {roles.map((each) => (
            <label key={each.name} className="lc-parameter">
              <span>{w(each.title) || each.name}</span>
              <Select aria-label={w(each.title) || each.name} value={names[`roles/${each.name}`] ?? ""} options={[{ value: "", label: t("packageRoleNew", { name: w(each.title) || each.name }) }, ...standing.filter((own) => own.name !== ADMINISTRATOR).map((own) => ({ value: own.name, label: w(own.title) || own.name }))]} onChange={(role: string) => setNames(role === "" ? without(names, `roles/${each.name}`) : { ...names, [`roles/${each.name}`]: role })} />
            </label>
          ))}
        </section>
      )}
      {taken.length > 0 && (
        <section>
          <h3>{t("packageTaken")}</h3>
          <p className="lc-quiet">{t("packageTakenHint")}</p>
          {taken.map((each) => (
            <label key={each.path} className="lc-parameter">
              <span>{w(each.title)} <code className="lc-quiet">{each.path}</code></span>
              <Input value={names[each.path] ?? each.free} onChange={(event) => setNames({ ...names, [each.path]: event.target.value })} />
            </label>
          ))}
        </section>
      )}
      {clashes.length > 0 && (
        <section>
          <h3>{t("packageClash")}</h3>
          <p className="lc-quiet">{t("packageClashHint")}</p>
          {clashes.map((each) => (
            <div key={each.path} className="lc-package-clash">
              <code>{each.path}</code>
              <Radio.Group value={take[each.path]} options={[{ value: "mine", label: t("packageMine") }, { value: "theirs", label: t("packageTheirs") }]} onChange={(event) => setTake({ ...take, [each.path]: event.target.value as "mine" | "theirs" })} />
            </div>
          ))}
        </section>
      )}
      {prepare.error && <Alert type="error" showIcon title={brief(prepare.error, speech)} />}
      <div className="lc-actions">
        {!installed && press("app.install_package", true)}
        {installed && look?.newer && press("app.update_package", true, !decided)}
        {installed && press("app.remove_package", false)}
      </div>
      {look && <Contents look={look} />}
      {wish && values && (
        <Publishing
          title={t("packageDeed", { deed: t(LABELS[wish.deed]), name: (look ? w(look.title) : kept) ?? "" })}
          label={t(LABELS[wish.deed])}
          danger={wish.deed === "app.remove_package"}
          look={{ operation: "app.plan", values }}
          act={{ operation: "app.publish", values }}
          close={() => setWish(undefined)}
          done={close}
        />
      )}
    </div>
  );
}

const without = (names: Record<string, string>, name: string): Record<string, string> => Object.fromEntries(Object.entries(names).filter(([each]) => each !== name));

/** The documents of a package by their sort: forms with their fields, the others by their names. */
function Contents({ look }: { look: Look }) {
  const { t, w } = useSpeech();
  return (
    <section>
      <h3>{t("packageBrings")}</h3>
      <h4>{t("packageGroup_forms")}</h4>
      <ul className="lc-package-forms">
        {look.forms.map((each) => (
          <li key={each.name}>
            <strong>{w(each.title)}</strong>
            <span className="lc-quiet">{each.fields.map((field) => w(field.title) || field.name).join(" · ")}</span>
          </li>
        ))}
      </ul>
      {GROUPS.map((group) => {
        const lines = look.documents.filter((each) => each.folder === group);
        return lines.length > 0 && (
          <div key={group}>
            <h4>{t(`packageGroup_${group}`)}</h4>
            <p>{lines.map((each) => w(each.title) || each.name).join(" · ")}</p>
          </div>
        );
      })}
      {look.menus.length > 0 && (
        <div>
          <h4>{t("packageMenus")}</h4>
          <p>{look.menus.map((each) => w(each.title)).join(" · ")}</p>
        </div>
      )}
    </section>
  );
}
