import { expect, test } from "vitest";
import { hrefOf, reachedAt, spotWords, takesTexts } from "../src/detail/reach";
import { place, wayTo, written } from "../src/widgets/location";

test("a number is called with its extension after a pause, and written to without it", () => {
  expect(hrefOf("call", "021 6288-1234转805")).toBe("tel:02162881234,805");
  expect(hrefOf("call", "+49 30 1234567")).toBe("tel:+49301234567");
  expect(hrefOf("sms", "13800138000x12")).toBe("sms:13800138000");
});

test("only numbers of mobile phones take text messages, as far as that is seen", () => {
  expect(["13800138000", "+8613800138000", "+49301234567", "02162881234", "057455583434", "+862162881234"].map(takesTexts)).toEqual([true, true, true, false, false, false]);
});

test.each([
  ["138****5678", []],
  ["********", []],
  ["13800000000转8**", []],
  ["无", []],
  ["138 0000 0000 / 139 0000 0000", ["138 0000 0000", "139 0000 0000"]],
  ["0571-88123456转805、13800000000；8012", ["0571-88123456转805", "13800000000"]],
  ["8012/8013", ["8012", "8013"]],
  ["62881234/35", ["62881234"]],
  ["030/1234567", ["030/1234567"]],
  ["+49 2241/123456", ["+49 2241/123456"]],
  ["13800000000 13900000000", []],
  ["010/12345678/12345678", []],
] as const)("the numbers of %s are called one by one, and none where there is no whole one", (value, numbers) => {
  expect(reachedAt("call", value)).toEqual(numbers);
  expect(reachedAt("whatsapp", value)).toEqual(numbers);
  expect(numbers.map((each) => hrefOf("call", each)).includes(null)).toBe(false);
});

test("nobody is reached by what is under a mask", () => {
  expect((["mail", "map", "wechat", "qq", "telegram"] as const).map((by) => reachedAt(by, "浙江省杭州****"))).toEqual([[], [], [], [], []]);
  expect(reachedAt("map", "南京路 1/2 号")).toEqual(["南京路 1/2 号"]);
  expect([hrefOf("call", "138****5678"), hrefOf("sms", "138****5678"), takesTexts("138****5678")]).toEqual([null, null, false]);
});

test("a place opens in the maps of the device, by where it lies or by its address", () => {
  const spot = { latitude: 29.8, longitude: 121.6, words: "东门" };
  expect(wayTo(spot, false)).toBe("geo:29.8,121.6?q=29.8%2C121.6(%E4%B8%9C%E9%97%A8)");
  expect(wayTo(spot, true)).toBe("maps:?daddr=29.8,121.6");
  expect(wayTo("A & B", true)).toBe("maps:?daddr=A%20%26%20B");
  expect(wayTo("A & B", false)).toBe("geo:0,0?q=A%20%26%20B");
  expect(spotWords("29.8,121.6")).toBe("29.80000, 121.60000");
});

test("what a messenger opens; a name in one that has no address for people is copied instead", () => {
  expect(hrefOf("whatsapp", "+49 151 2345")).toBe("https://wa.me/491512345");
  expect(hrefOf("telegram", "@anna/x")).toBe("https://t.me/anna%2Fx");
  expect(hrefOf("mail", "a?b@example.com")).toBe("mailto:a%3Fb@example.com");
  expect(hrefOf("wechat", "anna")).toBeNull();
});

test("how exact the device was stands beside a place, and is no name of it", () => {
  const found = written({ latitude: 30.2741501, longitude: 120.155, accuracy: 34.2 });
  expect([found, spotWords(found), wayTo(place(found)!, false)]).toEqual(["30.274150,120.155000 ±35 m", "30.27415, 120.15500 ±35 m", "geo:30.27415,120.155?q=30.27415%2C120.155"]);
  expect(spotWords("30.274150,120.155150 西湖 ±")).toBe("西湖 ±");
});
