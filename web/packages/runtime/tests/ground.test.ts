import { expect, test } from "vitest";
import { fit, project } from "../src/views/ground";

test("all places are in sight, and none under the buttons on the right, whatever the size", () => {
  const places = [{ longitude: 104.1, latitude: 30.6 }, { longitude: 123.4, latitude: 41.8 }, { longitude: 113.3, latitude: 23.1 }];
  for (const size of [{ width: 360, height: 540 }, { width: 800, height: 600 }, { width: 900, height: 300 }]) {
    const { longitude, latitude, zoom } = fit(places, size);
    const middle = project(longitude, latitude, zoom);
    for (const each of places) {
      const { x, y } = project(each.longitude, each.latitude, zoom);
      const [left, top] = [x - middle.x + size.width / 2, y - middle.y + size.height / 2];
      expect([left >= 40, left <= size.width - 80, top >= 40, top <= size.height - 40]).toEqual([true, true, true, true]);
    }
  }
});
