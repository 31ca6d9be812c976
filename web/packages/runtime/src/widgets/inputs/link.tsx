import { PlusOutlined } from "@ant-design/icons";
import { useOnline, useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { Button } from "antd";
import { manyOf } from "../../fields";
import { chosenFrom } from "../../offline/choices";
import { useRuntime } from "../../runtime";
import type { InputProps } from "../widget";
import { ReferenceInput } from "./reference";
import { TreeInput } from "./tree_select";

export function LinkInput({ many, ...props }: InputProps & { many?: boolean }) {
  const { client, session, app, openForm } = useRuntime();
  const { t, w } = useSpeech();
  const online = useOnline();
  const target = app.forms[props.field.to ?? ""];
  const create = target?.permissions["create"];
  const placeholder = target ? t("searchIn", { name: w(manyOf(target)) }) : undefined;
  const footer = (close: () => void) =>
    create && (
      <Button
        type="text"
        className="lc-option-new"
        icon={<PlusOutlined />}
        onClick={() => {
          close();
          openForm({
            form: target.name,
            onSaved: (made) => props.onChange(many ? [...((props.value as Reference[] | null) ?? []), made] : made),
          });
        }}
      >
        {t("createLinked", { name: w(target.title) })}
      </Button>
    );
  if (target?.tree && props.field.widget === "tree" && online) return <TreeInput {...props} target={target} many={many} placeholder={placeholder} footer={footer} />;
  return (
    <ReferenceInput
      {...props}
      many={many}
      placeholder={placeholder}
      ask={async (search, signal) => {
        if (!target) return [];
        return await chosenFrom(session.actor.id, target.name, search, async () => {
          const page = await client.list(target.name, { search, where: props.field.offered, limit: 20 }, { signal });
          return page.items.map((each) => ({ id: each.id, label: each._label }));
        });
      }}
      footer={footer}
    />
  );
}
