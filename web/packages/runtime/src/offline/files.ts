import { address, Problem, type Client, type StoredFile, type Values } from "@lowcode/protocol";
import { use, useCallback, useEffect, useState } from "react";
import { FillingContext } from "../form/filling";
import { useRuntime } from "../runtime";
import { newKey } from "./queue";
import { store } from "./store";

const MARK = "waiting:";

interface KeptFile {
  file: File;
  /** Its number on the server, once it is there. */
  sent?: string;
}

export const isWaiting = (file: StoredFile): boolean => String(file.id).startsWith(MARK);

/** Where a file is seen: on the server, or, while it waits, on this device. */
export function useFileAddress(file: StoredFile | undefined): string | undefined {
  const [own, setOwn] = useState<string>();
  const waits = file !== undefined && isWaiting(file);
  useEffect(() => {
    if (!file || !waits) return;
    let made: string | undefined;
    void store.get<KeptFile>("files", String(file.id)).then((kept) => kept && setOwn((made = URL.createObjectURL(kept.file))));
    return () => {
      if (made) URL.revokeObjectURL(made);
    };
  }, [file?.id, waits]);
  return file && (waits ? own : address(`files/${file.id}`));
}

/** Sends a file; in a form that may be filled in without a network, it waits on the device when there is none. */
export function useUpload(): (file: File) => Promise<StoredFile> {
  const { client } = useRuntime();
  const offline = use(FillingContext)?.form.offline != null;
  return useCallback(
    async (file: File) => {
      try {
        return await client.upload(file);
      } catch (error) {
        if (!offline || !(error instanceof Problem) || error.status !== 0) throw error;
        const id = `${MARK}${newKey()}`;
        await store.put("files", id, { file } satisfies KeptFile);
        return { id, name: file.name, size: file.size, type: file.type };
      }
    },
    [client, offline],
  );
}

/** The values with every file that waited sent, each once. */
export async function withFiles(client: Client, values: Values): Promise<{ values: Values; used: string[] }> {
  const used: string[] = [];
  const sent = async (value: unknown): Promise<unknown> => {
    if (Array.isArray(value)) return await Promise.all(value.map(sent));
    if (typeof value === "object" && value !== null) return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([name, each]) => [name, await sent(each)] as const)));
    if (typeof value !== "string" || !value.startsWith(MARK)) return value;
    const kept = await store.get<KeptFile>("files", value);
    if (!kept) return value;
    used.push(value);
    if (kept.sent === undefined) {
      kept.sent = (await client.upload(kept.file)).id;
      await store.put("files", value, kept);
    }
    return kept.sent;
  };
  return { values: (await sent(values)) as Values, used };
}

export const dropFiles = (keys: string[]): Promise<unknown> => Promise.all(keys.map((key) => store.remove("files", key)));
