import { expect, test } from "vitest";
import { blocksOf, droppedRole, inMenus, partAt, partOf, PARTS, placeOf, renamedRole, showing, shownBy } from "../src/app/parts";
import type { Node } from "../src/tree";

const APP: Node = {
  roles: [{ name: "clerk" }, { name: "boss" }],
  menus: [{ title: "Work", roles: ["clerk", "boss"], items: [{ form: "loan", view: "open", roles: ["clerk"] }, { dashboard: "board" }] }],
  home: [{ roles: ["clerk"], tasks: true }],
  calendars: [{ name: "shift", roles: ["boss", "clerk"] }],
  second_factor: { roles: ["boss", "clerk"] },
};

test("what a menu shows is one word, there and back, beside what else the item says", () => {
  for (const item of [{ form: "loan" }, { form: "loan", view: "open" }, { dashboard: "board" }, { report: "late" }, { tasks: true }] as Node[]) expect(showing({}, shownBy(item))).toEqual(item);
  expect(showing({ form: "loan", view: "open", title: "Loans", roles: ["clerk"] }, "dashboard:board")).toEqual({ dashboard: "board", title: "Loans", roles: ["clerk"] });
  expect(inMenus(APP)).toEqual(new Set(["form:loan", "dashboard:board"]));
});

test("each part has an address, and none of them is that of the desk of the calendars", () => {
  const parts = Object.keys(PARTS) as (keyof typeof PARTS)[];
  expect(parts.map((part) => partAt(placeOf(part).split("/")[1]))).toEqual(parts);
  expect(parts.map(placeOf)).not.toContain("app/calendars");
  expect(partAt("nothing")).toBe("menus");
});

test("what is chosen says the part it belongs to", () => {
  expect([null, ["menus", 0, "items", 1], ["roles"], ["home", 0], ["calendar", "hours"], ["zone"]].map((path) => partOf(path))).toEqual(["menus", "menus", "roles", "home", "calendars", "general"]);
  expect(blocksOf(APP)).toContainEqual(["menus", 0, "items", 1]);
});

test("a role is renamed wherever the app names it, and leaves the lists that name others", () => {
  const renamed = renamedRole(APP, ["roles", 0], "desk");
  expect(renamed["menus"]).toEqual([{ title: "Work", roles: ["desk", "boss"], items: [{ form: "loan", view: "open", roles: ["desk"] }, { dashboard: "board" }] }]);
  expect([renamed["home"], renamed["second_factor"]]).toEqual([[{ roles: ["desk"], tasks: true }], { roles: ["boss", "desk"] }]);
  const left = droppedRole(APP, ["roles", 0]);
  expect([left["calendars"], left["second_factor"]]).toEqual([[{ name: "shift", roles: ["boss"] }], { roles: ["boss"] }]);
  expect(left["home"]).toBe(APP["home"]); // without its only role it would be everybody's
});

test("of two roles of one name, what names it means the one that stays", () => {
  const twice: Node = { ...APP, roles: [{ name: "clerk" }, { name: "boss" }, { name: "clerk" }] };
  expect(renamedRole(twice, ["roles", 2], "clerk_e")).toEqual({ ...APP, roles: [{ name: "clerk" }, { name: "boss" }, { name: "clerk_e" }] });
  expect(droppedRole(twice, ["roles", 2])).toEqual(APP);
});
