/** A colour as CIE 1931 x and y. */
export interface Xy {
  readonly x: number;
  readonly y: number;
}

type Triple = readonly [number, number, number];

// The wide-gamut conversion that Zigbee lamps' makers publish and Zigbee2MQTT computes with
// (https://github.com/usolved/cie-rgb-converter). The two are each other's inverse, so that what was set is found again.

/** The colour of a hue in degrees and a saturation in percent, at full brightness. */
export const xyOf = (hue: number, saturation: number): Xy => {
  const [red, green, blue] = rgbOf(hue, saturation);
  const x = red * 0.664511 + green * 0.154324 + blue * 0.162028;
  const y = red * 0.283881 + green * 0.668433 + blue * 0.047685;
  const z = red * 0.000088 + green * 0.07231 + blue * 0.986039;
  const sum = x + y + z;
  return { x: x / sum, y: y / sum };
};

/** Hue in degrees and saturation in percent of a colour. */
export const hueAndSaturationOf = ({ x, y }: Xy): { hue: number; saturation: number } => {
  const [bigX, bigZ] = [x / y, (1 - x - y) / y];
  const red = bigX * 1.656492 - 0.354851 - bigZ * 0.255038;
  const green = -bigX * 0.707196 + 1.655397 + bigZ * 0.036152;
  const blue = bigX * 0.051713 - 0.121364 + bigZ * 1.01153;
  const most = Math.max(red, green, blue);
  const shares: Triple = [
    Math.max(0, red / most),
    Math.max(0, green / most),
    Math.max(0, blue / most),
  ];
  return { hue: hueOf(shares), saturation: (1 - Math.min(...shares)) * 100 };
};

const rgbOf = (hue: number, saturation: number): Triple => {
  const share = (offset: number): number => {
    const place = (offset + hue / 60) % 6;
    return 1 - (saturation / 100) * Math.max(0, Math.min(place, 4 - place, 1));
  };
  return [share(5), share(3), share(1)];
};

const hueOf = ([red, green, blue]: Triple): number => {
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread === 0) return 0;
  const sextant =
    most === red
      ? ((green - blue) / spread + 6) % 6
      : most === green
        ? (blue - red) / spread + 2
        : (red - green) / spread + 4;
  return sextant * 60;
};
