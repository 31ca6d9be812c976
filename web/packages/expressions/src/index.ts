export const library = {};
export const moment = (state: object): object => state;
export const enter = (_field: object, value: unknown): unknown => value ?? null;
export const leave = (_field: object, value: unknown): unknown => value;
