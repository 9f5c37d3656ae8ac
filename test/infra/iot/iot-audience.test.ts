import { expect, test } from "vitest";
import { mqttAudience } from "#local/iot/broker/mqtt-audience.ts";

const audience = () => {
  const heard: string[] = [];
  const told = mqttAudience<{ readonly topic: string }>();
  const subscriber =
    (name: string) =>
    ({ topic }: { readonly topic: string }, handed: () => void): void => {
      heard.push(`${name}: ${topic}`);
      handed();
    };
  return { ...told, heard, subscriber };
};

test("a message goes to everybody who subscribes to its topic, by name or by wildcard", () => {
  const { on, emit, heard, subscriber } = audience();
  on("a/b", subscriber("first"));
  on("a/b", subscriber("second"));
  on("a/+", subscriber("third"));
  on("a/c", subscriber("fourth"));

  emit({ topic: "a/b" });

  expect(heard).toEqual(["first: a/b", "second: a/b", "third: a/b"]);
});

test("a topic is heard while somebody subscribes to it, and no longer", () => {
  const { on, removeListener, hears, subscriber } = audience();
  const [first, second] = [subscriber("first"), subscriber("second")];
  const before = hears("a/b");
  on("a/b", first);
  on("a/#", second);
  const by = [hears("a/b")];
  removeListener("a/b", first);
  by.push(hears("a/b"), hears("a/c"), hears("b"));
  removeListener("a/#", second);

  expect(before).toBe(false);
  expect(by).toEqual([true, true, true, false]);
  expect(hears("a/b")).toBe(false);
});

test("the sender goes on when the slowest has the message, at once when nobody wants it", () => {
  const { on, emit } = audience();
  const waiting: (() => void)[] = [];
  let sent = 0;
  on("a", (_packet, handed) => waiting.push(handed));
  on("a", (_packet, handed) => handed());

  emit({ topic: "nobody" }, () => sent++);
  emit({ topic: "a" }, () => sent++);
  const before = sent;
  for (const handed of waiting) handed();

  expect(before).toBe(1);
  expect(sent).toBe(2);
});
