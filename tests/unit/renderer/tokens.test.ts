import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const file = path.resolve(import.meta.dirname, '..', '..', '..', 'src', 'renderer', 'styles', 'tokens.css');

type Colour = readonly [l: number, c: number, h: number];

/** Linear red, green and blue of an OKLCH colour, cut to what a screen shows (CSS Color 4). */
function linear([l, c, h]: Colour): readonly number[] {
  const a = c * Math.cos((h * Math.PI) / 180);
  const b = c * Math.sin((h * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const middle = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
    -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
    -0.0041960863 * long - 0.7034186147 * middle + 1.707614701 * short,
  ].map((part) => Math.min(1, Math.max(0, part)));
}

const luminance = (colour: Colour): number => {
  const [red = 0, green = 0, blue = 0] = linear(colour);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

function contrast(a: Colour, b: Colour): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const css = await readFile(file, 'utf8');
const colours = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\(oklch\(([^/)]+)\), oklch\(([^/)]+)\)\)/g)].map(([, name = '', light = '', dark = '']) => [
    name,
    [light, dark].map((text) => {
      const [l = 0, c = 0, h = 0] = text.split(' ').map((part) => (part.endsWith('%') ? parseFloat(part) / 100 : Number(part)));
      return [l, c, h] as const;
    }),
  ]),
);
const colour = (name: string, theme: number): Colour => colours.get(name)?.[theme] ?? [0, 0, 0];

const texts = ['ink', 'muted', 'faint', 'accent', 'todo', 'prog', 'rev', 'done', 'appr', 'you', 'bad'];
const grounds = ['bg', 'side', 'surface', 'raise', 'accent-soft'];

describe.each(['light', 'dark'].map((name, theme) => ({ name, theme })))('the $name theme', ({ theme }) => {
  test.each(texts)('reads %s on every ground (AA, 4.5 to 1)', (text) => {
    for (const ground of grounds) expect(contrast(colour(text, theme), colour(ground, theme)), ground).toBeGreaterThanOrEqual(4.5);
  });

  test.each([
    ['on-accent', 'accent'],
    ['surface', 'done'],
    ['surface', 'bad'],
    ['surface', 'you'],
  ])('reads %s on a button in %s', (text, ground) => {
    expect(contrast(colour(text, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });
});

test('every colour has a light and a dark value', () => {
  expect([...texts, ...grounds].filter((name) => !colours.has(name))).toEqual([]);
});
