import { PlusOutlined } from "@ant-design/icons";
import { useSpeech } from "@lowcode/kit";
import type { Reference } from "@lowcode/protocol";
import { manyOf } from "../../fields";
import { Button } from "antd";
import { chosenFrom } from "../../offline/choices";
import { useRuntime } from "../../runtime";
import { ReferenceInput } from "./reference";
import type { InputProps } from "../widget";

export function LinkInput({ many, ...props }: InputProps & { many?: boolean }) {
  const { client, session, app, openForm } = useRuntime();
  const { t, w } = useSpeech();
  const target = app.forms[props.field.to ?? ""];
  const create = target?.permissions["create"];
  return (
    <ReferenceInput
      {...props}
      many={many}
      placeholder={target ? t("searchIn", { name: w(manyOf(target)) }) : undefined}
      ask={async (search, signal) => {
        if (!target) return [];
        return await chosenFrom(session.actor.id, target.name, search, async () => {
          const page = await client.list(target.name, { search, where: props.field.offered, limit: 20 }, { signal });
          return page.items.map((each) => ({ id: each.id, label: each._label }));
        });
      }}
      footer={(close) =>
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
        )
      }
    />
  );
}
