import { useRuntime } from "../../runtime";
import { ReferenceInput } from "./reference";
import type { InputProps } from "../widget";

interface Known {
  id: number;
  label: string;
}

export function DepartmentInput(props: InputProps) {
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
