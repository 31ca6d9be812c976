import { useQuery } from "@tanstack/react-query";
import { useRuntime } from "../../runtime";
import { StepsInput, type Branch } from "./cascade";
import { TextInput } from "./text";
import type { InputProps } from "../widget";

type Places = string[] | { [name: string]: Places };

const branches = (places: Places, levels: number): Branch[] =>
  Array.isArray(places)
    ? places.map((name) => ({ value: name, label: name }))
    : Object.entries(places).map(([name, below]) => ({ value: name, label: name, children: levels > 1 && Object.keys(below).length > 0 ? branches(below, levels - 1) : undefined }));

/** The places the server knows, asked for once. */
export function useRegions(levels: number): Branch[] {
  const { client } = useRuntime();
  const { data } = useQuery({ queryKey: ["regions"], queryFn: () => client.run<Places>("forms.regions"), staleTime: Infinity, enabled: levels > 0 });
  return data ? branches(data, levels) : [];
}

export function RegionInput(props: InputProps) {
  const levels = props.field.levels ?? 3;
  const places = useRegions(levels);
  if (levels === 0) return <TextInput {...props} />;
  return <StepsInput {...props} options={places} anyLevel />;
}
