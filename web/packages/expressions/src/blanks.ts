/** A function that is blank as soon as an argument is; the moment, when there is one, is never blank. */
export const strict =
  <Arguments extends unknown[], Result>(work: (...values: Arguments) => Result) =>
  (...values: { [Index in keyof Arguments]: Arguments[Index] | null }): Result | null => {
    for (const value of values) if (value === null) return null;
    return work(...(values as Arguments));
  };
