import type { Page } from "playwright-core";

type Args = Readonly<Record<string, unknown>>;

interface Message {
  readonly id?: number;
  readonly params?: { readonly name?: string; readonly arguments?: Args };
}

/** From now on the console has other answers of a tool: `answer` is given what was asked, and asks the house. */
export const changeAnswers = async (
  page: Page,
  tool: string,
  answer: (asked: Args, ask: (args: Args) => Promise<Args>) => Promise<object>,
): Promise<void> => {
  await page.route("**/mcp", async (route) => {
    const message = JSON.parse(String(route.request().postData())) as Message;
    const { name = "", arguments: asked = {} } = message.params ?? {};
    if (!name.endsWith(`___${tool}`)) return route.fallback();
    const structuredContent = await answer(asked, async (args) => {
      const postData = { ...message, params: { ...message.params, arguments: args } };
      const response = await route.fetch({ postData });
      const { result } = (await response.json()) as {
        readonly result: { readonly structuredContent?: Args };
      };
      return result.structuredContent ?? {};
    });
    const content = [{ type: "text", text: JSON.stringify(structuredContent) }];
    const result = { content, structuredContent };
    return route.fulfill({ json: { jsonrpc: "2.0", id: message.id, result } });
  });
};
