import { BarcodeFormat, BinaryBitmap, DecodeHintType, HybridBinarizer, MultiFormatReader, RGBLuminanceSource } from "@zxing/library";

export interface Code {
  rawValue: string;
  /** What sort of code it is, in the words of the browser's own reader. */
  format: string;
}

/** What the library reads, by the words of browsers. */
const FORMATS = new Map<BarcodeFormat, string>([
  [BarcodeFormat.QR_CODE, "qr_code"],
  [BarcodeFormat.DATA_MATRIX, "data_matrix"],
  [BarcodeFormat.EAN_13, "ean_13"],
  [BarcodeFormat.EAN_8, "ean_8"],
  [BarcodeFormat.UPC_A, "upc_a"],
  [BarcodeFormat.UPC_E, "upc_e"],
  [BarcodeFormat.CODE_128, "code_128"],
  [BarcodeFormat.CODE_39, "code_39"],
  [BarcodeFormat.ITF, "itf"],
  [BarcodeFormat.CODABAR, "codabar"],
]);
/** The longer side of what is looked at, in pixels: enough for bars, and quick enough for a phone. */
const SIDES = [1000, 1800];
/** What is weighed of red, green and blue to see how bright something is, in 256ths. */
const [RED, GREEN, BLUE] = [77, 150, 29];

/** How bright each pixel of a picture is, drawn at a size and upright or lying. */
function brightness(source: CanvasImageSource, width: number, height: number, lying: boolean): RGBLuminanceSource {
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = lying ? [height, width] : [width, height];
  const paper = canvas.getContext("2d", { willReadFrequently: true })!;
  paper.fillStyle = "#ffffff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  if (lying) paper.transform(0, 1, -1, 0, height, 0);
  paper.drawImage(source, 0, 0, width, height);
  const { data } = paper.getImageData(0, 0, canvas.width, canvas.height);
  const found = new Uint8ClampedArray(canvas.width * canvas.height);
  for (let at = 0; at < found.length; at++) found[at] = (RED * data[at * 4]! + GREEN * data[at * 4 + 1]! + BLUE * data[at * 4 + 2]!) >> 8;
  return new RGBLuminanceSource(found, canvas.width, canvas.height);
}

/** Reads bar codes and QR codes where the browser has no reader of its own. */
export class Reader {
  private readonly library = new MultiFormatReader();
  private turn = 0;

  /** `sorts`: which are looked for, in the words of browsers; left out: all. */
  constructor(sorts?: readonly string[]) {
    const asked = [...FORMATS].filter(([, word]) => !sorts || sorts.includes(word)).map(([format]) => format);
    this.library.setHints(new Map<DecodeHintType, unknown>([[DecodeHintType.POSSIBLE_FORMATS, asked], [DecodeHintType.TRY_HARDER, true]]));
  }

  /** The code in a picture, or in what a camera shows just now: that is looked at again soon, lying every other time. */
  async detect(source: HTMLVideoElement | ImageBitmap): Promise<Code[]> {
    const moving = source instanceof HTMLVideoElement;
    const [width, height] = moving ? [source.videoWidth, source.videoHeight] : [source.width, source.height];
    if (!width || !height) return [];
    const longer = Math.max(width, height);
    const sides = moving || longer <= SIDES[0]! ? SIDES.slice(0, 1) : SIDES;
    const ways = moving ? [this.turn++ % 2 === 1] : [false, true];
    for (const side of sides) {
      const part = Math.min(1, side / longer);
      for (const lying of ways) {
        const found = this.read(brightness(source, Math.round(width * part), Math.round(height * part), lying));
        if (found) return [found];
      }
    }
    return [];
  }

  private read(picture: RGBLuminanceSource): Code | null {
    try {
      const found = this.library.decodeWithState(new BinaryBitmap(new HybridBinarizer(picture)));
      return { rawValue: found.getText(), format: FORMATS.get(found.getBarcodeFormat()) ?? "unknown" };
    } catch {
      return null; // the library says by an exception that it sees no code
    }
  }
}
