import { Badge, useSpeech, type TextKey } from "@lowcode/kit";
import { Facts } from "@lowcode/runtime/connections/known";
import { Alert } from "antd";

/** What a service says of somebody. */
export interface Said {
  account: string;
  login: string;
  name: string;
  email: string;
  phone: string;
  verified: string[];
  values: Record<string, string>;
}

/** Whom of the directory somebody would be. */
export interface Meant {
  user: { login: string; name: string } | null;
  new: boolean;
  roles: string[];
  department: string | null;
  refused: string | null;
  detail: string | null;
}

/** Who came, as the service says it, and whom that means here. */
export function Came({ person, meant }: { person: Said; meant: Meant }) {
  const { t } = useSpeech();
  const line = (name: "login" | "name" | "email" | "phone") => person[name] !== "" && ([t(`cameField_${name}` as TextKey), <>{person[name]} {person.verified.includes(name) && <Badge color="green">{t("cameVerified")}</Badge>}</>] as const);
  const others = Object.entries(person.values);
  return (
    <div role="status" className="lc-came">
      {meant.refused === null ? (
        <Alert type="success" showIcon title={t(meant.new ? "cameNew" : "cameKnown", { name: meant.user?.name ?? "", login: meant.user?.login ?? "" })} description={[meant.roles.length > 0 && t("cameRoles", { names: meant.roles.join(", ") }), meant.department !== null && t("cameDepartment", { name: meant.department })].filter(Boolean).join(" · ") || undefined} />
      ) : (
        <Alert type="error" showIcon title={t(`cameRefused_${meant.refused}` as TextKey)} description={meant.detail} />
      )}
      <h3>{t("cameSaid")}</h3>
      <Facts facts={[[t("cameAccount"), <code>{person.account}</code>], line("login"), line("name"), line("email"), line("phone")]} />
      {others.length > 0 && <details className="lc-ruled-more"><summary>{t("cameValues", { count: others.length })}</summary><Facts facts={others.map(([name, value]) => [name, value] as const)} /></details>}
    </div>
  );
}
