import { useSpeech } from "@lowcode/kit";
import type { Text } from "@lowcode/protocol";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRuntime } from "../runtime";

export interface KeptPerson {
  id: number;
  login: string;
  name: string;
  title: Text | null;
  email: string | null;
  phone: string | null;
  active: boolean;
  department: string | null;
  manager: string | null;
  roles: string[];
}

export interface KeptDepartment {
  name: string;
  title: Text;
  parent: string | null;
  head: string | null;
}

interface Page {
  items: KeptPerson[];
  next: number | null;
  departments: KeptDepartment[];
}

/** People as whoever keeps the directory sees them. */
export function useDirectory(search: string, inactive: boolean) {
  const { client } = useRuntime();
  const query = useInfiniteQuery({
    queryKey: ["directory", search, inactive],
    queryFn: ({ pageParam }) => client.run<Page>("identity.directory", { search: search || undefined, inactive, after: pageParam }),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: (before) => before,
  });
  return { query, people: query.data?.pages.flatMap((page) => page.items) ?? [], departments: query.data?.pages[0]?.departments ?? [] };
}

/** What was read of people is asked again. */
export function useKept(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey: [what] }) => what === "directory" || what === "people" || what === "departments" });
}

/** What a role is called. */
export function useRoleTitle(): (name: string) => string {
  const { app } = useRuntime();
  const { t, w } = useSpeech();
  return (name) => w(app.roles?.find((each) => each.name === name)?.title) || (name === "administrator" ? t("administratorRole") : name);
}

/** A department under the one above it: 华东 / 一部. */
export function useDepartmentTitle(departments: KeptDepartment[]): (name: string | null) => string {
  const { w } = useSpeech();
  return (name) => {
    const words: string[] = [];
    for (let at = departments.find((each) => each.name === name); at && words.length < 20; at = departments.find((each) => each.name === at!.parent)) words.unshift(w(at.title) || at.name);
    return words.join(" / ");
  };
}

const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";

/** A password that is read out without mistakes: no letters that look alike. */
export const freshPassword = (): string => [...crypto.getRandomValues(new Uint32Array(14))].map((each) => LETTERS[each % LETTERS.length]).join("");
