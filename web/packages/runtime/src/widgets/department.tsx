import { isReference } from "@lowcode/protocol";
import { useRuntime } from "../runtime";
import { ReferenceInput } from "./reference";
import type { InputProps, ShowProps, Widget } from "./widget";

interface Known {
  id: number;
  label: string;
}

function DepartmentInput(props: InputProps) {
  const { client } = useRuntime();
  return (
    <ReferenceInput
      {...props}
      ask={async (search, signal) => {
        const { items } = await client.run<{ items: Known[] }>("identity.departments", {}, { signal });
        return items.filter((each) => each.label.toLowerCase().includes(search.toLowerCase()));
      }}
    />
  );
}

const DepartmentShow = ({ value }: ShowProps) => <>{isReference(value) ? value.label : String(value)}</>;

export const department: Widget = { Input: DepartmentInput, Show: DepartmentShow, width: 120 };
