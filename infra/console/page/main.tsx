import { render } from "preact";
import { App } from "./app.tsx";
import { begin } from "./session/session.ts";

const place = document.getElementById("console");
if (place === null) throw new Error("index.html has no element #console");
render(<App />, place);
await begin();
