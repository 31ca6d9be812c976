import type { Application } from "@lowcode/protocol";
import { expect, test, vi } from "vitest";
import { entriesOf } from "../../../app/src/menu";

vi.mock("@lowcode/kit", () => ({ link: (path: string[]) => `#/${path.join("/")}` }));

const app = (permissions: Record<string, boolean>) => ({ menus: [], forms: { visit: { permissions } }, pages: {} }) as unknown as Application;

test.each(["delete", "restore", "purge"])("who may %s finds the bin", (action) => {
  expect(entriesOf(app({ read: true, [action]: true })).map(({ key }) => key)).toEqual(["bin"]);
  expect(entriesOf(app({ read: true, [action]: false }))).toEqual([]);
});
